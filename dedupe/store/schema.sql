-- One index is one SQLite file. What a run reads is kept in `files`, `documents` and `texts`; all the
-- rest is derived from these and from the parameters in `meta`, and can be rebuilt.
--
-- A document passes through its stages by `documents.stage`, in this order:
--   0 sign      its story is not (or no longer) in the postings
--   1 match     it is in the postings; its pairs are to be found
--   2 cluster   its pairs are known; its cluster is to be made
--   3 settled   nothing to do
-- Each step is one transaction that also advances the stage, so a run that was killed is continued
-- by the next one and ends in the same state.

-- One row is one parameter the file was made with: the schema's fingerprint, the permutations of the
-- signatures (uint32[2, num_perm]), the next sketch number.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- One row is one crawl directory (or the directory of a file that was named).
CREATE TABLE crawls (
    crawl INTEGER PRIMARY KEY,
    root  TEXT NOT NULL UNIQUE
);

-- One row is one crawl file. `content` is xxh3_128 of its bytes, NULL until it was read to its end;
-- size and mtime_ns spare the reading of a file that was not touched.
CREATE TABLE files (
    file     INTEGER PRIMARY KEY,
    crawl    INTEGER NOT NULL REFERENCES crawls (crawl),
    path     TEXT NOT NULL,
    size     INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    content  BLOB,
    UNIQUE (crawl, path)
);

-- One row is one document: a page at one URL at one fetch. `id` is what exports show. `rank` is a hash
-- of it that orders documents the same whatever the order they came in. `document` is its number in the
-- line postings, `sketch` in the shingle postings, new each time its story changes; neither is used twice.
-- `furniture` is a sum over the lines that were taken for furniture when it was signed. `removed` lists
-- what of the text is not story as [[begin, end, reason], …]; `attributions` and `claims` are lists of
-- [kind, text, source, name, begin, end], without the NULLs at the end. `status`, `content_type` and
-- `digest` are what the crawl recorded of the fetch.
CREATE TABLE documents (
    document       INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL UNIQUE,
    file           INTEGER NOT NULL REFERENCES files (file),
    member         TEXT NOT NULL,
    reading        INTEGER NOT NULL,
    stage          INTEGER NOT NULL DEFAULT 0,
    sketch         INTEGER UNIQUE,
    shingles       INTEGER,
    rank           INTEGER NOT NULL,
    title_key      INTEGER NOT NULL,
    content        INTEGER NOT NULL,
    source_id      TEXT,
    url            TEXT,
    outlet         TEXT,
    title          TEXT,
    byline         TEXT,
    published_at   TEXT,
    published_from TEXT,
    seen_at        TEXT,
    language       TEXT,
    status         INTEGER,
    content_type   TEXT,
    digest         TEXT,
    claims         TEXT,
    furniture      INTEGER,
    removed        TEXT,
    attributions   TEXT,
    UNIQUE (file, member)
);
CREATE INDEX documents_pending ON documents (stage) WHERE stage < 3;
CREATE INDEX documents_by_outlet ON documents (outlet);

-- One row is the text of one document, UTF-8, compressed with zstd.
CREATE TABLE texts (
    document INTEGER PRIMARY KEY REFERENCES documents (document),
    text     BLOB NOT NULL
);

-- One row is one file or record that was left out, and why.
CREATE TABLE skipped (
    file   INTEGER NOT NULL REFERENCES files (file),
    member TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (file, member)
) WITHOUT ROWID;

-- One row is one line that recurs on one outlet under many different titles: site furniture.
CREATE TABLE furniture (
    line_key INTEGER PRIMARY KEY,
    outlet   TEXT NOT NULL
);
CREATE INDEX furniture_by_outlet ON furniture (outlet);

-- One row is one immutable run of postings, sorted by key. kind 0: line keys -> documents.document;
-- kind 1: shingle samples and signature bands -> documents.sketch. Segments of one level are merged
-- into one of the next as they pile up.
CREATE TABLE segments (
    segment  INTEGER PRIMARY KEY,
    kind     INTEGER NOT NULL,
    level    INTEGER NOT NULL,
    postings INTEGER NOT NULL
);

-- One row is up to 238 postings of one segment. `packed` holds the differences between ascending keys,
-- then the numbers less `base`, each in as few hexadecimal digits as the largest of them needs (`key_digits`,
-- `number_digits`), little-endian, two values of an odd number of digits in one stretch of bytes. The blocks
-- of a segment are in key order of ascending `block`. `checksum` is of all these columns.
CREATE TABLE blocks (
    block         INTEGER PRIMARY KEY,
    segment       INTEGER NOT NULL REFERENCES segments (segment),
    first_key     INTEGER NOT NULL,
    last_key      INTEGER NOT NULL,
    base          INTEGER NOT NULL,
    postings      INTEGER NOT NULL,
    key_digits    INTEGER NOT NULL,
    number_digits INTEGER NOT NULL,
    packed        BLOB NOT NULL,
    checksum      INTEGER
);
CREATE INDEX blocks_by_key ON blocks (segment, last_key, first_key);

-- One row is one verified pair; a's id sorts before b's. `passages` holds [[begin, end, begin, end], …],
-- a's offsets first. Relations that are no reuse are kept too. What decided a relation is not stored: it
-- follows from the two stories, and `dedupe explain` derives it again.
CREATE TABLE pairs (
    a                INTEGER NOT NULL REFERENCES documents (document),
    b                INTEGER NOT NULL REFERENCES documents (document),
    relation         TEXT NOT NULL,
    resemblance      REAL NOT NULL,
    containment_of_a REAL NOT NULL,
    containment_of_b REAL NOT NULL,
    passages         TEXT NOT NULL,
    PRIMARY KEY (a, b)
) WITHOUT ROWID;
CREATE INDEX pairs_by_b ON pairs (b);

-- One row is one story and its copies. `anchor` is the document every member was verified against.
-- `evidence` is a list of model.Evidence fields.
CREATE TABLE clusters (
    cluster         INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    anchor          INTEGER NOT NULL REFERENCES documents (document),
    size            INTEGER NOT NULL,
    origin_name     TEXT,
    origin_kind     TEXT NOT NULL,
    origin_document INTEGER REFERENCES documents (document),
    confidence      REAL NOT NULL,
    evidence        TEXT NOT NULL
);

-- One row is one document in one cluster, with how it came by the story (model.MemberOrigin). A round-up
-- may be an excerpt in several clusters. `delay` is in seconds, `parent` the document it was taken from.
CREATE TABLE members (
    cluster          INTEGER NOT NULL REFERENCES clusters (cluster),
    document         INTEGER NOT NULL REFERENCES documents (document),
    role             TEXT NOT NULL,
    credited         INTEGER NOT NULL,
    byline_swap      INTEGER NOT NULL,
    headline_changed INTEGER,
    edit             TEXT,
    share_kept       REAL,
    delay            INTEGER,
    parent           INTEGER REFERENCES documents (document),
    PRIMARY KEY (cluster, document)
) WITHOUT ROWID;
CREATE INDEX members_by_document ON members (document);

-- The views are for people and other programs; no code here reads them. Ids in them are those of exports.

-- One row is one claim of one document about who wrote its text. "begin" and "end" are NULL for claims
-- that stand in the page's metadata.
CREATE VIEW attributions AS
SELECT
    documents.id AS document_id,
    json_extract(claim.value, '$[0]') AS kind,
    json_extract(claim.value, '$[1]') AS text,
    json_extract(claim.value, '$[3]') AS name,
    json_extract(claim.value, '$[4]') AS "begin",
    json_extract(claim.value, '$[5]') AS "end",
    json_extract(claim.value, '$[2]') AS source
FROM documents, json_each(documents.attributions) AS claim;

-- One row is one cluster: the story's title (the origin document's, else the anchor's), who carried it,
-- when, and where it comes from. "document" is the number of the document that the title is from.
CREATE VIEW stories AS
SELECT
    clusters.id AS cluster_id,
    coalesce(origins.title, anchors.title) AS title,
    clusters.size AS size,
    count(DISTINCT documents.outlet) AS outlets,
    min(documents.published_at) AS first_published_at,
    max(documents.published_at) AS last_published_at,
    clusters.origin_name AS origin_name,
    clusters.origin_kind AS origin_kind,
    origins.id AS origin_document_id,
    clusters.confidence AS confidence,
    coalesce(clusters.origin_document, clusters.anchor) AS document
FROM clusters
JOIN documents AS anchors ON anchors.document = clusters.anchor
LEFT JOIN documents AS origins ON origins.document = clusters.origin_document
JOIN members ON members.cluster = clusters.cluster
JOIN documents ON documents.document = members.document
GROUP BY clusters.cluster;

-- One row is one document in one cluster, the origin itself included, and how it came by the story.
CREATE VIEW copies AS
SELECT
    clusters.id AS cluster_id,
    documents.id AS document_id,
    documents.url AS url,
    documents.outlet AS outlet,
    documents.title AS title,
    documents.byline AS byline,
    documents.published_at AS published_at,
    members.role AS role,
    members.credited AS credited,
    members.byline_swap AS byline_swap,
    members.headline_changed AS headline_changed,
    members.edit AS edit,
    members.share_kept AS share_kept,
    members.delay AS delay,
    parents.id AS parent_id,
    clusters.origin_name AS origin_name,
    members.document AS document
FROM members
JOIN clusters ON clusters.cluster = members.cluster
JOIN documents ON documents.document = members.document
LEFT JOIN documents AS parents ON parents.document = members.parent;

-- One row is one way that copies took: from the origin of stories to an outlet that ran them (syndicated
-- or repost), with the median of their delays in seconds, which commands round. Where the origin was not
-- crawled delays count from the first copy, whose own says nothing. `dedupe sources --flows` counts the
-- same, and folds the sites of one agency or owner into it.
CREATE VIEW flows AS
WITH copied AS (
    SELECT
        clusters.origin_name AS source,
        clusters.origin_kind AS source_kind,
        coalesce(documents.outlet, documents.id) AS outlet,
        members.credited AS credited,
        members.byline_swap AS byline_swap,
        CASE WHEN clusters.origin_document IS NOT NULL OR members.delay <> 0 OR documents.id <> (
            SELECT min(firsts.id) FROM members AS others
            JOIN documents AS firsts ON firsts.document = others.document
            WHERE others.cluster = members.cluster AND others.delay = 0
        ) THEN members.delay END AS delay
    FROM members
    JOIN clusters ON clusters.cluster = members.cluster
    JOIN documents ON documents.document = members.document
    WHERE members.role IN ('syndicated', 'repost')
        AND clusters.origin_name <> coalesce(documents.outlet, documents.id)
),
ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY source, outlet ORDER BY delay) AS place,
        count(delay) OVER (PARTITION BY source, outlet) AS delays,
        count(*) OVER (PARTITION BY source, outlet) - count(delay) OVER (PARTITION BY source, outlet) AS unknown
    FROM copied
)
SELECT
    source,
    min(source_kind) AS source_kind,
    outlet,
    count(*) AS copies,
    sum(NOT credited) AS uncredited,
    sum(byline_swap) AS byline_swaps,
    avg(CASE WHEN place - unknown IN ((delays + 1) / 2, (delays + 2) / 2) THEN delay END) AS median_delay
FROM ranked
GROUP BY source, outlet;

-- One row is one outlet: its documents in the index, how many of them are copies of another's text
-- (syndicated or repost), how many are the origin of a story, and how many carry one whose origin is
-- unknown and credit nobody.
CREATE VIEW outlets AS
SELECT
    documents.outlet AS outlet,
    count(DISTINCT documents.document) AS documents,
    count(DISTINCT CASE WHEN members.role IN ('syndicated', 'repost') THEN documents.document END) AS copies,
    count(DISTINCT CASE WHEN members.role = 'origin' THEN documents.document END) AS origins,
    count(DISTINCT CASE WHEN members.role = 'unknown' THEN documents.document END) AS origin_unknown
FROM documents
LEFT JOIN members ON members.document = documents.document
WHERE documents.outlet IS NOT NULL
GROUP BY documents.outlet;
