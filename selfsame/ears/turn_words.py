"""Word lists of the turn detector. Lower case; Spanish without accents, as `turn_detector.fold` leaves it."""

from __future__ import annotations

from dataclasses import dataclass


def words_of(text: str) -> frozenset[str]:
    """A set from words between spaces."""
    return frozenset(text.split())


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@dataclass(frozen=True, slots=True)
class Words:
    """What a turn in one language ends with, or does not.

    `open_ended` words are followed by more (articles, conjunctions, possessives, auxiliaries); `prepositions` too, but
    may close a question ("where are you from"); `fillers` hold the floor; `closers` are whole turns or close one;
    `askers` open a question; `hanging` are two-word endings that promise more.
    """

    open_ended: frozenset[str]
    prepositions: frozenset[str]
    fillers: frozenset[str]
    closers: frozenset[str]
    askers: frozenset[str]
    digits: frozenset[str]
    number_parts: frozenset[str]
    hanging: frozenset[str]


ENGLISH = Words(
    open_ended=words_of(
        "and or but nor because so although though while whereas unless until if when whenever since than that which"
        " whose the a an my your his its our their this these those some any every each another am is are was were be"
        " been being have has had do does did will would shall should can could may might must i'm you're he's she's"
        " it's we're they're i've you've we've i'll you'll we'll i'd you'd there's let's very really quite too just"
        " i you he she we they who not gonna wanna plus also even"
    ),
    prepositions=words_of(
        "of to in on at by for with from into onto about over under between through during without within against among"
        " around behind before after like as per via towards toward upon near inside outside except despite off up"
    ),
    fillers=words_of("um uh uhm umm er erm ah hmm mm well actually basically anyway anyways"),
    closers=words_of(
        "thanks thank please bye goodbye hello hi hey yes no yeah yep nope okay ok sure right alright exactly perfect"
        " great cool correct stop cheers sorry goodnight"
    ),
    askers=words_of(
        "what who whom whose where when why how which is are was were do does did can could will would should may have"
        " has am what's who's where's how's isn't aren't don't doesn't didn't can't couldn't won't wouldn't shouldn't"
        " tell explain describe show give"
    ),
    digits=words_of("zero oh one two three four five six seven eight nine double triple"),
    number_parts=words_of("twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million"
        " point dash plus"),
    hanging=frozenset(
        {
            "you know", "i mean", "kind of", "sort of", "such as", "for example", "for instance", "as well", "let me",
            "want to", "going to", "have to", "need to", "used to", "trying to", "able to", "i think", "i guess",
            "i wonder", "and then", "so that", "rather than", "as if", "even though", "how about", "what about",
            "i was", "i'm not", "my name", "called the", "the number", "number is", "phone number", "let me see",
            "let's see", "hold on", "one second", "tell me", "show me", "give me",
        }
    ),
)  # fmt: skip

SPANISH = Words(
    open_ended=words_of(
        "y e o u ni pero sino aunque porque pues que si cuando mientras como donde cuyo el la los las un una unos unas"
        " lo al del mi tu su mis tus sus nuestro nuestra este esta estos estas ese esa esos esas aquel aquella muy mas"
        " tan es son era eran fue ser he has ha hemos han habia voy vas va vamos van quiero quisiera puedo puedes puede"
        " podria tengo tiene hay me te se nos le les yo ella ellos nosotros no tambien"
    ),
    prepositions=words_of(
        "a ante bajo con contra de desde durante en entre hacia hasta mediante para por segun sin sobre tras"
    ),
    fillers=words_of("eh em mmm mm ah bueno pues entonces este osea digamos"),
    closers=words_of(
        "gracias adios hola vale claro exacto perfecto listo bien si no ok okay favor luego manana chao perdon correcto"
        " genial igualmente"
    ),
    askers=words_of(
        "que quien quienes cuando donde como cual cuales cuanto cuanta cuantos cuantas puedes puede podrias podria es"
        " son tienes tiene hay sabes sabe eres dime explicame cuentame"
    ),
    digits=words_of("cero uno una dos tres cuatro cinco seis siete ocho nueve doble"),
    number_parts=words_of(
        "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento mil millon coma punto"
    ),
    hanging=frozenset(
        {
            "o sea", "es decir", "por ejemplo", "me llamo", "tal como", "asi que", "ya que", "para que", "tengo que",
            "hay que", "voy a", "yo creo", "creo que", "y luego", "y entonces", "mi nombre", "un momento", "a ver",
            "es que", "numero es", "dime que",
        }
    ),
)  # fmt: skip

CHINESE_CLOSED = _listed(
    "吗 呢 吧 啊 呀 嘛 哦 了 谢谢 再见 好的 是的 对的 可以 没有"
    " 不是 什么 怎么样 怎么办 为什么 多少 哪里 哪儿 谁 你好 不用 没事 好 对 行"
)
CHINESE_OPEN = _listed(
    "和 跟 与 或 或者 但 但是 可是 不过 因为 所以 如果 虽然 而且 并且"
    " 然后 还有 就是 就是说 那个 这个 那么 比如 比如说 把 被 在 从 给 向"
    " 往 对于 关于 是 要 想 很 我 你的 我的 他的 一个 这些 那些 嗯"
    " 呃 额 请问 我想 我觉得 为了"
)
CHINESE_DIGITS = frozenset("零一二三四五六七八九十百千万点两幺0123456789")
CHINESE_ASKS = ("什么", "怎么", "为什么", "哪", "谁", "多少", "几", "吗", "是不是", "能不能", "可不可以", "有没有")
