"""The words that give habits away, in English, Spanish and Chinese. Data only.

Phrases are in lower case without punctuation; those of Chinese are written without spaces.
"""

from __future__ import annotations

Marks = dict[str, tuple[str, ...]]


def _listed(**languages: str) -> Marks:
    return {
        language: tuple(" ".join(part.split()) for part in text.split("|") if part.strip())
        for language, text in languages.items()
    }


HESITATIONS = _listed(
    EN="um|uh|er|erm|uhm|umm|uhh|hmm|mm|mhm|ah",
    ES="eh|em|ehm|mmm|mm|ehh|emm",
    ZH="嗯|呃|额|唔",
)
"""Sounds that are always fillers, wherever they stand."""

FILLERS = _listed(
    EN="""you know|i mean|like|so|well|right|okay|ok|alright|actually|basically|literally|honestly|anyway|anyways|look|
    listen|see|you see|sort of|kind of|or whatever|and stuff|and so on|i guess|you know what i mean|know what i mean|
    you know what|to be honest|at the end of the day|obviously|frankly|essentially|now|yeah|oh|mind you|i suppose|
    if you will|as it were|as i say|let's see|let me see|believe me|trust me|seriously|say|man|dude|folks|guys""",
    ES="""pues|bueno|o sea|a ver|entonces|vale|en plan|digamos|es que|no|sabes|sabe|mira|mire|oye|claro|hombre|
    la verdad|verdad|este|ya|nada|pues nada|así que|total|en fin|vamos|vaya|ché|che|viste|entiendes|me explico|
    por así decirlo|de alguna manera|básicamente|realmente|obviamente|digo|la verdad es que|la verdad que|
    como que|y tal|y eso|y todo eso|fíjate|fíjese|mujer|tío|tía|ahora bien|ándale|órale|pos|cómo te digo""",
    ZH="""那个|这个|就是|就是说|然后|其实|反正|对吧|是吧|对不对|是不是|怎么说呢|怎么说|那么|你知道吧|你知道吗|
    基本上|说实话|说白了|老实说|真的|所以说|所以呢|然后呢|哎|哎呀|哦|啊|对|好|是的|好吧|那|你看|你说|我跟你说|
    我觉得吧|也就是说|换句话说|总之|行|嘛|这么说吧|没错|明白吗|懂吗""",
)
"""Words that fill when they stand alone between marks or open a sentence."""

AT_WORK = frozenset({
    ("so", "that"), ("so", "much"), ("so", "many"), ("so", "far"), ("so", "long"), ("look", "at"), ("look", "for"),
    ("listen", "to"), ("well", "done"), ("you know", "that"), ("you know", "what"), ("you know", "how"),
    ("you know", "the"), ("i mean", "it"), ("okay", "with"), ("entonces", "sí"),
})  # fmt: skip
"""A filler and a word behind it with which it does real work."""
OPENERS = _listed(
    EN="""so|well|okay|ok|alright|actually|basically|literally|honestly|anyway|anyways|look|listen|obviously|frankly|
    essentially|seriously|oh|i mean|you know|to be honest""",
    ES="""pues|bueno|o sea|a ver|entonces|digamos|es que|oye|la verdad es que|en fin|
    fíjate|fíjese|pues nada|así que|obviamente|básicamente|ahora bien""",
    ZH="然后|其实|反正|说实话|说白了|老实说|所以说|怎么说呢|总之|基本上|哎呀|我跟你说|这么说吧",
)
"""Fillers that fill also without a mark behind them, when they open a sentence."""

GREETINGS = _listed(
    EN="""hello|hi|hey|welcome|good morning|good afternoon|good evening|good day|howdy|greetings|what's up|g'day|
    thanks for joining|thank you for joining|great to see you""",
    ES="""hola|buenos días|buenas tardes|buenas noches|buenas|bienvenidos|bienvenidas|bienvenido|bienvenida|
    qué tal|muy buenas|saludos""",
    ZH="大家好|你好|您好|欢迎|早上好|下午好|晚上好|各位好|哈喽|嗨|朋友们好|朋友们",
)
CLOSINGS = _listed(
    EN="""bye|goodbye|see you|see ya|take care|thanks for|thank you for|thank you so much|until next time|so long|
    have a great|have a good|have a lovely|stay safe|talk soon|catch you|farewell|all the best|cheers""",
    ES="""adiós|hasta luego|hasta pronto|hasta la próxima|hasta mañana|nos vemos|gracias por|muchas gracias|
    cuídense|cuídate|cuidaos|un abrazo|un saludo|chao|que tengan|que tengas""",
    ZH="再见|拜拜|下次见|下期见|回头见|谢谢大家|感谢大家|谢谢你|谢谢您|感谢您|保重|祝大家|祝您|明天见",
)

WARM = _listed(
    EN="""love|loved|lovely|happy|glad|thank you|thanks|wonderful|friend|friends|family|together|welcome|dear|heart|
    delighted|grateful|hug|care about|my pleasure|beautiful|smile|appreciate|sweet|kind|enjoy|proud of you|darling""",
    ES="""gracias|encanta|encantado|encantada|feliz|alegra|amigo|amigos|amiga|amigas|familia|juntos|juntas|cariño|
    corazón|abrazo|querido|querida|queridos|bonito|bonita|maravilloso|maravillosa|con mucho gusto|ilusión|
    agradezco|sonrisa|disfruta|disfruten|preciosa|precioso""",
    ZH="谢谢|感谢|喜欢|开心|高兴|朋友|家人|一起|温暖|欢迎|幸福|感动|爱|心里|陪|笑|亲爱|祝|舒服",
)
DIRECT = _listed(
    EN="""must|never|always|need to|have to|don't|do it|just do|stop|period|simple as that|no excuses|the point is|
    bottom line|straight|clear|clearly|exactly|no doubt|for sure|let me be|the fact is|wrong|listen|definitely|
    nonsense|simply|plain and simple|here's what you do""",
    ES="""hay que|debes|debe|deben|nunca|siempre|tienes que|tiene que|punto|sin duda|claramente|directo|exacto|
    ni más ni menos|está claro|en serio|basta|sin excusas|se acabó|seguro|de una vez|clarísimo|al grano""",
    ZH="必须|一定|千万|绝对|不要|别|直接|就这样|肯定|没有借口|关键|马上|立刻|记住|明确|不行|只有|从来",
)
HEDGES = _listed(
    EN="""maybe|perhaps|i think|i guess|i suppose|sort of|kind of|possibly|probably|might|could be|it seems|seems|
    in a way|somewhat|more or less|i would say|i'd say|not sure|as far as i know|i believe|usually|tend to|rather|
    it depends|in my opinion|arguably|to some extent|a little bit""",
    ES="""quizá|quizás|tal vez|creo que|creo|supongo|a lo mejor|puede que|parece|más o menos|diría|digamos|
    en cierto modo|probablemente|posiblemente|no estoy seguro|no estoy segura|depende|me parece|un poco|
    de alguna manera|según|suele|suelen""",
    ZH="可能|也许|大概|或许|我觉得|好像|似乎|应该|差不多|不一定|看情况|说不定|我想|有点|一般|算是|不太确定",
)
LIVELY = _listed(
    EN="""amazing|awesome|incredible|fantastic|wow|super|crazy|unbelievable|absolutely|totally|so excited|excited|
    boom|huge|let's go|the best|brilliant|love it|insane|yes|great|woohoo|come on""",
    ES="""increíble|genial|súper|fantástico|fantástica|espectacular|brutal|vamos|qué pasada|emocionado|emocionada|
    tremendo|tremenda|buenísimo|buenísima|guau|bravo|una locura|la mejor|el mejor|impresionante|dale|venga""",
    ZH="太棒了|超级|非常|厉害|哇|太好了|绝了|激动|兴奋|冲|加油|最好|惊喜|特别|真棒|爆|牛|赶紧|快来",
)
CASUAL = _listed(
    EN="""gonna|wanna|gotta|kinda|sorta|dunno|yeah|yep|nope|guys|folks|cool|awesome|stuff|hey|okay|ok|y'all|dude|man|
    buddy|mate|bunch|crap|damn|heck|super|totally|ain't|'em|cause|huge|kids|mom|dad|no way|whatever""",
    ES="""tío|tía|vale|guay|en plan|mola|curro|pasta|chaval|chavales|súper|flipar|rollo|majo|maja|qué va|venga|
    oye|mira|pa|pos|órale|güey|wey|chido|padre|chévere|bacán|che|vos|cuate|neta|ándale|peque|finde|cole|un montón""",
    ZH="嘛|呗|啦|咯|哎呀|搞|弄|咱|咱们|哥们|老铁|靠谱|超|挺|啥|咋|干嘛|玩意|牛|绝了|贼|宝子|家人们|哈哈",
)
FORMAL = _listed(
    EN="""therefore|however|moreover|furthermore|nevertheless|consequently|regarding|concerning|whom|shall|thus|hence|
    kindly|ladies and gentlemen|i would like to|permit me|with respect to|in addition|accordingly|whereas|sir|madam|
    distinguished|colleagues|it is|we are|i am|do not|cannot|is not|furthermore|upon|nonetheless|subsequently""",
    ES="""por lo tanto|por consiguiente|asimismo|no obstante|sin embargo|respecto|cabe|
    señoras y señores|señor|señora|estimados|estimadas|estimado|estimada|permítanme|permítame|mediante|
    conforme|en cuanto a|dicho|dicha|cuyo|cuya|agradecería|a continuación|distinguidos""",
    ZH="因此|此外|然而|并且|以及|关于|敬请|贵|各位|先生|女士|尊敬|诸位|予以|与此同时|综上|鉴于|请允许|本人",
)
NEAR = _listed(EN="", ES="tú|te|ti|tu|tus|contigo|vosotros|vosotras|os|vos", ZH="你|你们|咱们")
FAR = _listed(EN="sir|madam|ladies|gentlemen", ES="usted|ustedes|le|les|su|sus", ZH="您|贵")
"""How the other is spoken to: as a friend, or with distance."""
STORIES = _listed(
    EN="""when i was|i remember|i'll never forget|years ago|one day|last year|last week|back when|i grew up|
    when we started|when i started|my first|i once|my grandmother|my grandfather|my mother used|my father used|
    there was a time|the day i|i was born|the other day|my mother|my father|my mom|my dad""",
    ES="""cuando era|cuando yo era|me acuerdo|recuerdo|nunca olvidaré|hace años|un día|el año pasado|de pequeño|
    de pequeña|de niño|de niña|cuando empecé|cuando empezamos|mi primer|mi primera|mi abuela|mi abuelo|mi madre|
    mi padre|una vez|hace mucho|la primera vez|el otro día|nací""",
    ZH="小时候|我记得|记得|有一次|那年|那时候|那一年|当年|以前我|我第一次|我刚开始|我爷爷|我奶奶|我妈|我爸|我父亲|我母亲|年前|前几天",
)
FIRST_PERSON = _listed(
    EN="i|me|my|we|us|our|mine|i'm|i've|i'd|we're|we've|myself",
    ES="yo|me|mi|mis|nos|nuestro|nuestra|nosotros|nosotras|conmigo",
    ZH="我|咱",
)

SELLING: dict[str, Marks] = {
    "asks about needs": _listed(
        EN="""what do you need|what are you looking for|what matters to you|what's your|what is your|tell me about your|
        how do you|what would you|are you looking|do you need|what's the biggest|what is the biggest|
        what are you trying|do you want|what problem|where does it hurt|what keeps you|how many do you|
        what do you want|what kind of""",
        ES="""qué necesita|qué necesitas|qué busca|qué buscas|qué le preocupa|qué te preocupa|cuénteme|cuéntame|
        para qué lo|para qué la|cuál es su|cuál es tu|qué le gustaría|qué te gustaría|qué quiere|qué quieres|
        cómo lo hace|cuántos|dónde le duele|qué problema""",
        ZH="需要什么|想要什么|您的需求|你的需求|有什么困难|您平时|你平时|想解决|最关心|担心什么|用来做|预算是|您想|喜欢什么|什么问题",
    ),
    "names benefits": _listed(
        EN="""you'll save|you save|saves you|save you|so that you|so you can|you'll get|you get|which means you|
        that means you|you'll never|you will never|the benefit|it pays|lasts|guarantee|guaranteed|for free|
        worth it|worth every|you'll love|you'll sleep|easier for you|helps you|gives you""",
        ES="""ahorra|ahorras|se ahorra|te ahorras|le permite|te permite|para que usted|para que tú|ganas|gana tiempo|
        la ventaja|garantía|garantizado|gratis|vale la pena|merece la pena|le dura|te dura|le ayuda|te ayuda|
        va a poder|vas a poder|sin preocuparse|más tranquilo|le va a|te va a""",
        ZH="省钱|省时间|省心|帮您|帮你|让您|让你|好处|优势|保证|免费|值得|划算|放心|更方便|您就可以|你就可以|不用担心|耐用|性价比",
    ),
    "calls to action": _listed(
        EN="""call me|give me a call|book|sign up|order|try it|give it a try|come by|come visit|click|subscribe|
        get in touch|write to me|send me|let's set|let's schedule|drop me|reach out|visit us|join us|take one home|
        start today|pick up the phone|come and see|come in""",
        ES="""llámeme|llámame|llámenos|llámanos|escríbeme|escríbame|escríbenos|reserva|reserve|reserven|apúntate|
        apúntese|prueba|pruébalo|pruébela|pruébelo|ven a|venga a|vengan a|visítanos|visítenos|suscríbete|
        pide|pídalo|haz clic|contáctanos|empieza hoy|pásate|pase por|pásense|acérquese|acércate""",
        ZH="联系我|联系我们|打电话|扫码|下单|点击|关注|订阅|预约|试试|试一试|来店里|来看看|加我|报名|今天就|赶紧|私信|欢迎来",
    ),
    "answers objections": _listed(
        EN="""i know what you're thinking|you might think|you may think|you might say|you'll say|people say|
        too expensive|is it expensive|some people ask|they ask me|but what about|what about the price|i hear you|
        i understand your|i get it|don't worry about|no risk|money back|what if it|sounds expensive|
        you might be thinking|you might ask""",
        ES="""sé lo que está pensando|sé lo que estás pensando|ya sé lo que|me dirás|me dirá|usted dirá|
        es muy caro|es caro|parece caro|muchos me preguntan|me preguntan|y si no|no se preocupe|no te preocupes|
        sin compromiso|sin riesgo|le devuelvo|te devuelvo|entiendo que|comprendo que|y el precio""",
        ZH="你可能会想|您可能会想|可能会问|有人会问|有人问|太贵|贵不贵|会不会|别担心|不用担心|没有风险|退款|我理解|您放心|你放心|价格高",
    ),
    "tells of other customers": _listed(
        EN="""one of my customers|one of our customers|a customer|customers tell|our clients|my clients|a client|
        people tell me|customers come back|a lady came|a man came|our customers|my customers""",
        ES="""un cliente|una clienta|mis clientes|nuestros clientes|los clientes me|una señora|un señor|
        la gente me dice|mis clientas|nuestras clientas|muchos clientes""",
        ZH="有个客户|有位客户|有个客人|有位客人|我的客户|我们的客户|老客户|很多客户|顾客|客户说|客人说|回头客",
    ),
}

OPEN_WORDS = _listed(
    EN="""the a an this that these those my your his her our their its of in on at to for from with by as and or but if
    when while because""".replace(" ", "|"),
    ES="""el la los las un una unos unas este esta estos estas ese esa mi mis tu tus su sus nuestro nuestra de del en a
    al para por con sin sobre como y o pero si cuando porque que se lo le les""".replace(" ", "|"),
    ZH="的|了|在|和|是|就|也|都|这|那|一",
)
"""Words that alone make no phrase."""
NOUN_OPENERS = _listed(
    EN="the|a|an|this|these|those|my|your|his|her|our|their|its|of|in|on|at|to|for|from|with|by|some|every|each|one",
    ES="""el|la|los|las|un|una|unos|unas|este|esta|estos|estas|ese|esa|mi|mis|tu|tus|su|sus|nuestro|nuestra|nuestros|
    nuestras|de|del|en|a|al|para|por|con|sin|sobre|cada""",
    ZH="",
)
"""A short phrase that begins so is most likely a thing that is talked about."""
PERSONAL = _listed(
    EN="""i|you|we|it|me|us|that|what|here|there|let|let's|i'm|you're|we're|it's|that's|here's|there's|don't|can't|
    know|say|tell|think|believe|trust|mean|see|look|get|go|do|is|are|was|how|why|not|no|never|always""",
    ES="""yo|tú|usted|me|te|lo|eso|esto|que|qué|así|no|ni|es|son|hay|va|vamos|digo|dice|te|le|ya|como|sé|sabes|
    sabe|verdad|nunca|siempre|mira|mire|créeme|créame""",
    ZH="我|你|您|这|那|不|没|是|有|说|看|想|知|就|都|也|吧|呢|吗|啊|的",
)
"""Words that phrases made for talking (not for naming things) hold."""
LEADS = _listed(
    EN="in|on|at|for|from|with|by|to",
    ES="en|a|al|por|para|con|sin|de|desde",
    ZH="",
)
"""With these begin set phrases that open a sentence."""
UNFINISHED = _listed(
    EN="""i|you|we|he|she|they|it|is|are|was|were|am|do|does|did|can|could|will|would|should|have|has|had|to|not|
    be|been|i'm|you're|it's|that's|very|more|no""",
    ES="yo|tú|usted|es|son|era|está|están|hay|ha|he|han|ser|estar|puede|puedo|puedes|no|se|me|te|muy|más|cómo|qué",
    ZH="我|你|您|他|她|它|们|是|有|在|不|没|也|都|就|会|能|要|可|很|最|把|被|让|给|对|跟|和|的|一|个|这|那",
)
"""What ends in these goes on, unless a mark follows."""
