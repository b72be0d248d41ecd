"""Parts of a page that are not its story, told by their structure alone.

For pages that come as plain text, and for what an HTML extractor leaves over: blocks of related links
at the head, section headings with lists below them at the end, the bio of an author. The rules are
conservative: nothing after which a story goes on is a tail, and prose is never a list.
"""

from __future__ import annotations

import re

from dedupe.text.lines import Line

_HEADINGS = frozenset(
    """related stories|related story|related articles|related article|related posts|related news|related topics|related links
|related content|related coverage|related|you may also like|you might also like|you may like|you might like|recommended
|recommended for you|recommended stories|recommended reading|more stories|more news|more from us|more on this story|more on this topic
|also read|read also|read more|read next|up next|see also|see more|latest|latest stories|latest news|latest articles|latest posts|latest headlines|recent posts
|recent stories|recent articles|recent news|top stories|top news|popular|most popular|most read|most viewed|most recent|trending|trending now|trending stories
|trending news|popular stories|popular posts|popular articles|editor's picks|editors' picks|editor’s picks|don't miss|don’t miss|in case you missed it
|subscribe|subscribe now|newsletter|newsletters|sign up|sign up for our newsletter|subscribe to our newsletter|follow us|share|share this|share this:|share this story|share this article
|share on facebook|about the author|about author|author|comments|leave a comment|leave a reply|post a comment|join the conversation|add a comment|tags|tags:|topics|categories|advertisement
|previous article|next article|previous post|next post|previous|next|sponsored content|around the web|promoted content|from the web|from around the web|more from author
|ähnliche artikel|mehr zum thema|das könnte sie auch interessieren|das könnte dich auch interessieren|lesen sie auch|lesen sie mehr|weitere artikel|meistgelesen
|neueste artikel|aktuelle nachrichten|kommentare|kommentar schreiben|schlagworte|themen
|articles liés|articles similaires|à lire aussi|lire aussi|a lire aussi|lire la suite|sur le même sujet|les plus lus|derniers articles|commentaires|voir les commentaires|laisser un commentaire|partager|s'abonner|abonnez-vous
|noticias relacionadas|artículos relacionados|te puede interesar|también te puede interesar|lea también|lee también|leer más|más leídas|las más leídas|lo más leído|lo más visto|últimas noticias
|comentarios|compartir|etiquetas|suscríbete|mira también|mirá también|ver también|deja un comentario|deja una respuesta
|notícias relacionadas|leia também|leia mais|veja também|mais lidas|últimas notícias|comentários|compartilhe|compartilhar|saiba mais|deixe um comentário
|articoli correlati|leggi anche|potrebbe interessarti|potrebbero interessarti|i più letti|ultime notizie|ultimi articoli|commenti|condividi|potrebbe interessarti anche
|lees ook|lees meer|meest gelezen|gerelateerde artikelen|reacties|läs också|läs mer|läs även|mest lästa|les også|læs også|relaterede artikler|lue myös
|czytaj także|czytaj też|zobacz także|zobacz też|powiązane artykuły|najnowsze|najpopularniejsze|komentarze|podobne artykuły
|čtěte také|související články|přečtěte si také|čítajte aj|súvisiace články|nejčtenější|diskuse|olvassa el ezt is|kapcsolódó cikkek|citește și|citiți și|pe aceeași temă|pročitajte još|vezane vijesti|povezani članci
|читайте также|читайте также:|читать также|читайте на эту тему|похожие новости|похожие статьи|по теме|новости по теме|материалы по теме|последние новости|главные новости|популярное|самое читаемое|комментарии|подписаться|поделиться|теги|теги:|смотрите также|другие новости
|читайте також|читайте також:|схожі новини|останні новини|коментарі|поділитися|популярні новини|дивіться також|прочетете още|още по темата|още новини|коментари
|ilgili haberler|benzer haberler|son haberler|çok okunanlar|yorumlar|etiketler|ayrıca oku
|baca juga|baca juga:|berita terkait|artikel terkait|terpopuler|berita terbaru|komentar|simak juga|lihat juga|tin liên quan|bài viết liên quan|xem thêm|tin mới nhất|bình luận
|διαβάστε επίσης|διαβάστε ακόμα|δείτε επίσης|σχετικά άρθρα|σχετικά|δημοφιλή|τελευταία νέα|ετικέτες|σχόλια|ροή ειδήσεων
|اقرأ أيضا|اقرأ أيضاً|إقرأ أيضا|اقرأ ايضا|مواضيع ذات صلة|أخبار ذات صلة|مقالات ذات صلة|آخر الأخبار|الأكثر قراءة|التعليقات|إظهار التعليقات|شارك|شاركها
|متعلقہ خبریں|مزید خبریں|تازہ ترین|یہ بھی پڑھیں|مزید پڑھیں|اخبار مرتبط|مطالب مرتبط|آخرین اخبار|بیشتر بخوانید|نظرات|ارسال نظر
|संबंधित खबरें|यह भी पढ़ें|ये भी पढ़ें|और पढ़ें|ताज़ा खबरें|ताजा खबरें|सम्बंधित खबरें|आरও পড়ুন|আরও পড়ুন|সর্বশেষ|সর্বশেষ সংবাদ|இதையும் படியுங்கள்|తాజా వార్తలు
|相关新闻|相關新聞|相关阅读|相关文章|相關文章|延伸閱讀|延伸阅读|推薦閱讀|推荐阅读|熱門新聞|热门新闻|最新新聞|最新消息|關聯新聞
|関連記事|関連ニュース|おすすめ記事|最新ニュース|アクセスランキング|人気記事|あわせて読みたい|コメント|관련기사|관련 기사|관련뉴스|많이 본 뉴스|최신뉴스|최신 기사|추천 기사|인기기사|댓글""".replace("\n", "").split("|")
)
_LINK_LEADS = tuple(
    """also read:|read also:|read more:|read next:|see also:|read:|related:|related story:|related stories:|watch:|must read:|don't miss:|don’t miss:|more:|also see:|lesen sie auch:|mehr zum thema:
|à lire aussi :|lire aussi :|a lire aussi :|lire aussi:|à lire aussi:|lea también:|lee también:|te puede interesar:|mira también:|mirá también:|ver también:|leia também:|leia mais:|veja também:|leggi anche:
|lees ook:|läs också:|läs mer:|läs även:|czytaj także:|czytaj też:|zobacz także:|čtěte také:|čítajte aj:|citește și:|citeşte şi:|читайте также:|читайте також:|читать также:|смотрите также:|дивіться також:|baca juga:|simak juga:|lihat juga:|xem thêm:
|διαβάστε επίσης:|διαβάστε ακόμα:|δείτε επίσης:|اقرأ أيضا:|اقرأ أيضاً:|اقرأ ايضا:|إقرأ أيضا:|یہ بھی پڑھیں:|بیشتر بخوانید:|यह भी पढ़ें:|ये भी पढ़ें:|और पढ़ें:|আরও পড়ুন:|延伸閱讀：|相關新聞：|相关阅读：|関連記事：""".replace("\n", "").split("|")
)
_SENTENCE_END = re.compile(r"[.!?。！？۔।؟…][\"”»’')）」』\]]*$")
_ELLIPSIS = re.compile(r"(?:\.\.\.|…|\[\.\.\.\]|\[…\])[\"”»’')]*$")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")
_BIO = re.compile(
    r"(?:he|she|they|the (?:author|writer)) (?:can be (?:reached|contacted|followed)|tweets? (?:at|@)|writes? (?:about|for)|is (?:reachable|on twitter))"
    r"|(?:is|are|was) (?:a|an|the) [^.]{0,80}?\b(?:journalist|reporter|correspondent|editor|columnist|writer|blogger|contributor|author|freelancer|news producer|broadcaster)\b"
    r"|follow (?:him|her|them|me) (?:on|at)|is an? experienced|has been (?:a journalist|writing|reporting|covering)|years of experience"
    r"|(?:est|es|è|é|ist) (?:une?|un|una|ein|eine|um|uma) (?:journaliste|periodista|giornalista|journalist|journalistin|jornalista|redakteur)",
    re.I,
)
_BIO_WORDS = ("@", "ournalist", "eporter", "orrespondent", "ditor", "olumnist", "riter", "uthor", "eached", "ollow ",
              "xperience", "eriodista", "iornalista", "ornalista", "edakteur", "roadcaster", "logger", "reelance")
_PROSE = 120  # code points from which a line that ends like a sentence is a paragraph of the story
_TEASER = 160  # a teaser or headline is shorter than this
_HEAD_LINES = 6  # a related block may begin in the first lines only
_MAX_LIST = 40  # lines of a list under one heading


def page_parts(lines: list[Line]) -> list[tuple[Line, str]]:
    """The lines that are not story, each with its reason; ``lines`` are those that remain so far."""
    head = _head_block(lines)
    body = lines[head:]
    tail = _tail_begin(body)
    parts = [(line, "related") for line in _related_of(lines[:head])]
    parts += [(line, "related") for line in _links(body[:tail])]
    parts += [(line, "page_end") for line in body[tail:]]
    return parts


def is_heading(text: str) -> bool:
    """``Related stories``, ``— Latest News —``, ``READ MORE:``."""
    return len(text) < 45 and text.casefold().strip(" :：-–—»>•*|…#=_") in _HEADINGS


def _is_prose(line: Line) -> bool:
    text = line.text
    return len(text) >= _PROSE * (0.4 if text[len(text) // 2] >= "\u2e80" else 1) and bool(
        _SENTENCE_END.search(text[-8:]) and not _ELLIPSIS.search(text[-8:])
    )


def _head_block(lines: list[Line]) -> int:
    """Where the story begins after a block of related headings and teasers; 0 without one."""
    for i, line in enumerate(lines[:_HEAD_LINES]):
        if _is_prose(line):
            return 0
        if is_heading(line.text):
            return _after_list(lines, i + 1)
    return 0


def _after_list(lines: list[Line], begin: int) -> int:
    """The first paragraph after a list of short lines and teasers, if there is one soon; else 0."""
    for i in range(begin, min(len(lines), begin + _MAX_LIST)):
        if _is_prose(lines[i]):
            return i if i > begin else 0
        if len(lines[i].text) > _TEASER and not _ELLIPSIS.search(lines[i].text[-8:]):
            return 0
    return 0


def _related_of(head: list[Line]) -> list[Line]:
    first = next((i for i, line in enumerate(head) if is_heading(line.text)), len(head))
    return head[first:]


def _tail_begin(lines: list[Line]) -> int:
    """Where the page's end begins: the first heading or bio after which no story goes on."""
    last = len(lines) - 1
    while last >= 0 and (not _is_prose(lines[last]) or is_bio(lines[last].text)):
        last -= 1
    if last < 0:
        return len(lines)
    for i in range(last + 1, len(lines)):
        if is_heading(lines[i].text) or is_bio(lines[i].text):
            return i
    return len(lines)


def is_bio(text: str) -> bool:
    """Does a paragraph present its author: an address to write to, a profession, a years-long career?"""
    if len(text) > 1200 or not any(sign in text for sign in _BIO_WORDS):
        return False
    signs = len(_BIO.findall(text)) + bool(_EMAIL.search(text))
    return signs >= 2


def _links(lines: list[Line]) -> list[Line]:
    """Links to other stories inside a story: ``Also read: …``, and a heading with its short titles."""
    found = []
    in_list = 0
    for line in lines:
        folded = line.text[:40].casefold()
        if is_heading(line.text):
            in_list = 4
            found.append(line)
        elif folded.startswith(_LINK_LEADS) and len(line.text) < 220:
            found.append(line)
        elif in_list and len(line.text) < _TEASER and not _SENTENCE_END.search(line.text[-8:]):
            in_list -= 1
            found.append(line)
        else:
            in_list = 0
    return found
