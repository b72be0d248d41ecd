-- What must hold in every index, whatever waits to be derived. Above each query: the part of the index and
-- what is wrong with the rows that the query names. `{relations}` and the like are lists of known values.

-- documents: their text is gone
SELECT id FROM documents WHERE document NOT IN (SELECT document FROM texts) ORDER BY id;

-- documents: they are in no stage there is
SELECT id FROM documents WHERE stage NOT IN (0, 1, 2, 3);

-- documents: their number was never given
SELECT id FROM documents
WHERE document > coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = 'documents'), 0);

-- postings: the sketch number of a document was never given
SELECT id FROM documents
WHERE sketch IS NULL OR sketch < 1 OR sketch >= coalesce(
    (SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM meta WHERE key = 'next_sketch'), 1
);

-- postings: more sketches were compared than were given
SELECT compared.key FROM meta AS compared
WHERE compared.key = 'next_unmatched' AND CAST(CAST(compared.value AS TEXT) AS INTEGER) > coalesce(
    (SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM meta WHERE key = 'next_sketch'), 1
);

-- furniture: the lines of more documents were counted than there were
SELECT key FROM meta
WHERE key = 'lines_learned' AND CAST(CAST(value AS TEXT) AS INTEGER)
    > coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = 'documents'), 0);

-- pairs: the ids are not in order
SELECT one.id || ' ' || other.id FROM pairs
JOIN documents AS one ON one.document = a JOIN documents AS other ON other.document = b
WHERE one.id >= other.id;

-- pairs: there is no such relation
SELECT a || ' ' || b FROM pairs WHERE relation NOT IN ({relations});

-- pairs: a share is not between 0 and 1
SELECT a || ' ' || b FROM pairs
WHERE min(resemblance, containment_of_a, containment_of_b) < 0
    OR max(resemblance, containment_of_a, containment_of_b) > 1;

-- clusters: the size is not the number of members
SELECT id FROM clusters
WHERE size < 2 OR size <> (SELECT count(*) FROM members WHERE members.cluster = clusters.cluster);

-- clusters: the anchor is no member
SELECT id FROM clusters
WHERE NOT EXISTS (SELECT 1 FROM members WHERE members.cluster = clusters.cluster AND document = anchor);

-- clusters: the origin is no member
SELECT id FROM clusters
WHERE origin_document IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM members WHERE members.cluster = clusters.cluster AND document = origin_document
);

-- clusters: the confidence is not between 0 and 1
SELECT id FROM clusters WHERE confidence NOT BETWEEN 0 AND 1;

-- clusters: there is no such kind of origin
SELECT id FROM clusters WHERE origin_kind NOT IN ({origins});

-- clusters: there is no such role or edit
SELECT cluster || ' ' || document FROM members WHERE role NOT IN ({roles}) OR edit NOT IN ({edits});

-- clusters: what a member was taken from is no member
SELECT cluster || ' ' || document FROM members
WHERE parent IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM members AS others WHERE others.cluster = members.cluster AND others.document = members.parent
);

-- clusters: a member shares text with no other
SELECT cluster || ' ' || document FROM members
WHERE NOT EXISTS (
    SELECT 1 FROM pairs JOIN members AS others ON others.document = b
    WHERE a = members.document AND others.cluster = members.cluster AND relation IN ({reuse})
) AND NOT EXISTS (
    SELECT 1 FROM pairs JOIN members AS others ON others.document = a
    WHERE b = members.document AND others.cluster = members.cluster AND relation IN ({reuse})
);
