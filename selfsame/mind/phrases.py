"""The words of small talk in English, Spanish and Chinese: examples of what is said, and answers.

The first answer of each row is the reserved one. `{name}`, `{role}` (", a guide to ...") and `{about}` (a sentence) are
filled from the persona.
"""

from __future__ import annotations

from typing import Any

FILLERS = frozenset({
    "um", "uh", "er", "hmm", "well", "so", "please", "okay", "ok", "hey", "then", "now", "just", "oh", "ah",
    "pues", "bueno", "eh", "por", "favor", "oye", "嗯", "那个", "请",
})  # fmt: skip

TONGUES = {"speak_en": "EN", "speak_es": "ES", "speak_zh": "ZH"}

EXAMPLES: dict[Any, dict[str, tuple[str, ...]]] = {
    "greeting": {
        "EN": ("hello", "hi", "hello there", "hi there", "good morning", "good afternoon", "good evening", "howdy",
               "hello hello", "nice to meet you", "hello nice to meet you", "greetings"),
        "ES": ("hola", "buenos dias", "buenas tardes", "buenas noches", "hola que tal", "mucho gusto"),
        "ZH": ("你好", "您好", "早上好", "下午好", "晚上好", "你好啊", "很高兴认识你"),
    },
    "can_you_hear_me": {
        "EN": ("can you hear me", "hello can you hear me", "do you hear me", "are you there", "is anybody there",
               "are you listening", "testing one two three", "hello are you there"),
        "ES": ("me oyes", "puedes oirme", "me escuchas", "estas ahi", "hola me oyes"),
        "ZH": ("你能听到我吗", "听得到吗", "你在吗", "能听见我说话吗"),
    },
    "how_are_you": {
        "EN": ("how are you", "how are you doing", "how are you today", "how is it going", "how do you do",
               "how are you feeling", "how are you feeling today", "how have you been", "hello how are you",
               "what's up"),
        "ES": ("como estas", "que tal", "como te va", "que tal estas", "hola como estas"),
        "ZH": ("你好吗", "你怎么样", "最近怎么样", "你今天好吗"),
    },
    "thanks": {
        "EN": ("thank you", "thanks", "thank you very much", "thanks a lot", "many thanks", "thank you so much",
               "thanks that was helpful", "thank you that was very helpful", "thank you very much that was helpful",
               "great thank you", "that was helpful", "thank you for your help", "cheers"),
        "ES": ("gracias", "muchas gracias", "mil gracias", "gracias por tu ayuda", "muy amable"),
        "ZH": ("谢谢", "谢谢你", "多谢", "非常感谢", "谢谢你的帮助"),
    },
    "goodbye": {
        "EN": ("goodbye", "bye", "bye bye", "see you", "see you later", "see you soon", "good night", "farewell",
               "goodbye and have a nice day", "have a nice day", "talk to you later", "i have to go", "that is all",
               "that's all for today", "take care"),
        "ES": ("adios", "hasta luego", "hasta pronto", "hasta manana", "nos vemos", "chao", "me tengo que ir"),
        "ZH": ("再见", "拜拜", "回头见", "晚安", "下次见", "我要走了"),
    },
    "who_are_you": {
        "EN": ("who are you", "what is your name", "what's your name", "who am i talking to", "tell me who you are",
               "introduce yourself", "tell me about yourself", "who am i speaking with", "may i ask your name",
               "hello who are you", "could you introduce yourself", "what are you called"),
        "ES": ("quien eres", "como te llamas", "cual es tu nombre", "con quien hablo", "presentate", "hola quien eres"),
        "ZH": ("你是谁", "你叫什么名字", "你叫什么", "介绍一下你自己", "请介绍一下自己"),
    },
    "are_you_real": {
        "EN": ("are you real", "are you human", "are you a real person", "are you a robot", "are you a machine",
               "are you an ai", "am i talking to a human", "are you a computer", "are you a person"),
        "ES": ("eres real", "eres humano", "eres humana", "eres un robot", "eres una persona", "eres una maquina"),
        "ZH": ("你是真人吗", "你是机器人吗", "你是人吗", "你是人工智能吗"),
    },
    "what_can_you_do": {
        "EN": ("what can you do", "what can i ask you", "what can i ask", "how can you help me", "what do you know",
               "what can you tell me", "help", "help me", "what can you help me with", "what should i ask you",
               "what can we talk about", "what do you know about", "what topics do you know"),
        "ES": ("que puedes hacer", "que puedo preguntarte", "como puedes ayudarme", "ayuda", "que sabes",
               "de que podemos hablar"),
        "ZH": ("你能做什么", "你会什么", "我能问你什么", "你知道什么", "帮助"),
    },
    "repeat": {
        "EN": ("repeat that", "say that again", "could you repeat that", "can you repeat that", "what did you say",
               "say it again", "once more", "again", "pardon", "pardon me", "could you say that again",
               "i did not hear you", "could you repeat that more slowly", "sorry what did you say", "repeat",
               "i didn't catch that", "come again", "can you say that again"),
        "ES": ("repite", "repitelo", "puedes repetir", "puedes repetirlo", "otra vez", "que has dicho", "como dices",
               "dilo otra vez"),
        "ZH": ("再说一遍", "请再说一次", "你说什么", "重复一遍", "没听清"),
    },
    "stop": {
        "EN": ("stop", "stop talking", "be quiet", "quiet", "enough", "that's enough", "shut up", "wait", "hold on",
               "stop it", "never mind", "one moment", "cancel", "wait a moment"),
        "ES": ("para", "callate", "silencio", "basta", "espera", "un momento", "detente", "dejalo"),
        "ZH": ("停", "停下", "停止", "别说了", "安静", "等一下", "等等", "算了"),
    },
    "yes": {
        "EN": ("yes", "yeah", "yep", "sure", "of course", "right", "exactly", "all right", "yes of course", "i see",
               "i understand", "got it", "that is right", "alright", "correct"),
        "ES": ("si", "claro", "vale", "de acuerdo", "por supuesto", "entiendo", "eso es"),
        "ZH": ("是", "是的", "对", "好", "好的", "明白", "当然"),
    },
    "no": {
        "EN": ("no", "nope", "not really", "no thank you", "no thanks", "not now", "i don't think so"),
        "ES": ("no", "no gracias", "ahora no", "creo que no"),
        "ZH": ("不", "不是", "不用", "不用了", "不用谢谢", "没有"),
    },
    "praise": {
        "EN": ("that is great", "great", "wonderful", "very good", "well done", "you are great", "good job", "cool",
               "that is interesting", "interesting", "nice", "amazing", "i like you", "you are very helpful",
               "perfect"),
        "ES": ("muy bien", "genial", "estupendo", "que bien", "perfecto", "interesante", "fantastico"),
        "ZH": ("很好", "太好了", "真棒", "有意思", "不错", "你真厉害"),
    },
    "not_understood": {
        "EN": ("i don't understand", "i do not understand", "i don't understand your answer", "what do you mean",
               "i don't get it", "that makes no sense", "that is not what i asked", "that's wrong", "you are wrong",
               "that was not my question"),
        "ES": ("no entiendo", "no te entiendo", "que quieres decir", "no es lo que pregunte", "no lo entiendo"),
        "ZH": ("我不明白", "我不懂", "什么意思", "听不懂", "我问的不是这个"),
    },
    "sorry": {
        "EN": ("sorry", "i am sorry", "my mistake", "excuse me", "i apologize"),
        "ES": ("lo siento", "perdon", "perdona", "disculpa"),
        "ZH": ("对不起", "不好意思", "抱歉"),
    },
    "another_topic": {
        "EN": ("let's talk about something else", "another topic", "something else", "change the subject",
               "i have another question", "i have a question", "can i ask you something", "i want to ask you something",
               "may i ask you a question", "next question"),
        "ES": ("tengo una pregunta", "otra cosa", "hablemos de otra cosa", "puedo preguntarte algo", "otro tema"),
        "ZH": ("我有一个问题", "我想问个问题", "换个话题", "我们聊别的吧"),
    },
    "speak_en": {
        "EN": ("speak english", "can you speak english", "do you speak english", "english please", "in english"),
        "ES": ("habla ingles", "hablas ingles", "puedes hablar ingles", "en ingles"),
        "ZH": ("说英语", "你会说英语吗", "请说英语", "你会说英文吗"),
    },
    "speak_es": {
        "EN": ("speak spanish", "can you speak spanish", "do you speak spanish", "spanish please", "in spanish"),
        "ES": ("habla espanol", "hablas espanol", "puedes hablar espanol", "en espanol"),
        "ZH": ("说西班牙语", "你会说西班牙语吗", "请说西班牙语"),
    },
    "speak_zh": {
        "EN": ("speak chinese", "can you speak chinese", "do you speak chinese", "chinese please", "in chinese",
               "speak mandarin", "can you speak mandarin", "do you speak mandarin"),
        "ES": ("habla chino", "hablas chino", "puedes hablar chino", "en chino"),
        "ZH": ("说中文", "你会说中文吗", "请说中文", "你会说普通话吗"),
    },
}  # fmt: skip

ANSWERS: dict[Any, dict[str, tuple[str, ...]]] = {
    "greeting": {
        "EN": ("Hello. I am {name}. What would you like to know?", "Hi there! What can I tell you?",
               "Hello! It is good to hear you. What would you like to know?"),
        "ES": ("Hola. Soy {name}. ¿Qué quieres saber?", "¡Hola! ¿En qué te puedo ayudar?"),
        "ZH": ("你好，我是{name}。你想知道什么？", "你好！有什么我可以告诉你的？"),
    },
    "can_you_hear_me": {
        "EN": ("Yes, I hear you. What would you like to know?", "I hear you well. Go ahead."),
        "ES": ("Sí, te oigo. ¿Qué quieres saber?", "Te oigo bien. Adelante."),
        "ZH": ("我听到了。你想知道什么？", "听得很清楚，请说。"),
    },
    "how_are_you": {
        "EN": ("I am well, thank you. What would you like to know?",
               "Very well, thanks for asking! And how can I help?",
               "I am fine, thank you. What can I tell you?"),
        "ES": ("Estoy bien, gracias. ¿Qué quieres saber?", "¡Muy bien, gracias! ¿En qué te ayudo?"),
        "ZH": ("我很好，谢谢。你想知道什么？", "很好，谢谢关心！有什么可以帮你？"),
    },
    "thanks": {
        "EN": ("You are welcome.", "Gladly! Is there anything else?",
               "You are very welcome. Ask me anything else you like."),
        "ES": ("De nada.", "¡Con mucho gusto! ¿Algo más?"),
        "ZH": ("不客气。", "不用谢！还有什么想问的吗？"),
    },
    "goodbye": {
        "EN": ("Goodbye.", "Goodbye! It was good to talk with you.", "See you! Come back any time."),
        "ES": ("Adiós.", "¡Hasta luego! Ha sido un placer.", "¡Hasta pronto!"),
        "ZH": ("再见。", "再见！很高兴和你聊天。"),
    },
    "who_are_you": {
        "EN": ("I am {name}{role}.{about}", "My name is {name}{role}.{about}"),
        "ES": ("Soy {name}.", "Me llamo {name}. Pregúntame lo que quieras."),
        "ZH": ("我是{name}。", "我叫{name}，有问题尽管问我。"),
    },
    "are_you_real": {
        "EN": ("I am a clone made by software, not a person. I answer from what I was given to know.",
               "No, I am not a person. I am a digital clone, and I answer only from what I know."),
        "ES": ("Soy un clon digital, no una persona. Respondo con lo que sé.",),
        "ZH": ("我是一个数字克隆，不是真人。我只根据我知道的内容回答。",),
    },
    "what_can_you_do": {
        "EN": ("I answer questions out loud from what I know. I am {name}{role}, so ask me about that.",
               "Ask me a question, by voice or by typing, and I will answer from what I know. I am {name}{role}."),
        "ES": ("Respondo preguntas en voz alta con lo que sé. Pregúntame algo.",),
        "ZH": ("我会根据我知道的内容用声音回答问题。请问吧。",),
    },
    "repeat": {
        "EN": ("I have not said anything yet. What would you like to know?",),
        "ES": ("Todavía no he dicho nada. ¿Qué quieres saber?",),
        "ZH": ("我还没有说什么。你想知道什么？",),
    },
    "stop": {
        "EN": ("All right.", "Okay.", "Of course."),
        "ES": ("De acuerdo.", "Vale."),
        "ZH": ("好的。", "好。"),
    },
    "yes": {
        "EN": ("Good. What would you like to know?", "Good! Go ahead, ask me."),
        "ES": ("Bien. ¿Qué quieres saber?", "¡Bien! Adelante, pregúntame."),
        "ZH": ("好。你想知道什么？",),
    },
    "no": {
        "EN": ("All right. I am here if you need me.", "No problem. Ask me something else whenever you like."),
        "ES": ("De acuerdo. Aquí estoy si me necesitas.",),
        "ZH": ("好的。需要的时候再问我。",),
    },
    "praise": {
        "EN": ("Thank you.", "I am glad you like it! What else would you like to know?"),
        "ES": ("Gracias.", "¡Me alegro! ¿Qué más quieres saber?"),
        "ZH": ("谢谢。", "很高兴你喜欢！还想知道什么？"),
    },
    "not_understood": {
        "EN": ("I am sorry. Please ask again in other words.",
               "Sorry about that. Could you put the question another way?"),
        "ES": ("Lo siento. Pregúntamelo con otras palabras, por favor.",),
        "ZH": ("对不起，请换一种说法再问一次。",),
    },
    "sorry": {
        "EN": ("No problem at all.", "Never mind! What would you like to know?"),
        "ES": ("No pasa nada.",),
        "ZH": ("没关系。",),
    },
    "another_topic": {
        "EN": ("Of course. What is your question?", "Gladly. Go ahead and ask."),
        "ES": ("Claro. ¿Cuál es tu pregunta?",),
        "ZH": ("当然，请问。",),
    },
    "speak_en": {
        "EN": ("Yes, I speak English. What would you like to know?",),
        "ES": ("Yes, I speak English. What would you like to know?",),
        "ZH": ("Yes, I speak English. What would you like to know?",),
    },
    "speak_es": {
        "EN": ("Sí, hablo español. ¿Qué quieres saber?",),
        "ES": ("Sí, hablo español. ¿Qué quieres saber?",),
        "ZH": ("Sí, hablo español. ¿Qué quieres saber?",),
    },
    "speak_zh": {
        "EN": ("会的，我说中文。你想知道什么？",),
        "ES": ("会的，我说中文。你想知道什么？",),
        "ZH": ("会的，我说中文。你想知道什么？",),
    },
}  # fmt: skip
