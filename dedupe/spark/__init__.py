"""The same job on Apache Spark: the stages' own functions over Arrow batches, for crawls past one machine.

    plan        files -> parts                       hashed and cut where they are; each part is a task's
    reading     parts -> parsed documents            crawl's readers, beside each task a process to be killed
    learning    documents -> furniture lines         titles counted for each line over the whole crawl
    naming      ids that are claimed twice
    signing     documents -> stories, posting keys   with all the furniture there is, so once
    candidates  posting keys -> candidate pairs      the buckets' rules, a partition of keys at a time
    verifying   candidates -> edges                  texts brought to the pairs, see texts
    components  edges -> components                  stars in each task, then rounds of joins
    grouping    components -> clusters, origins, members
    importing   the tables -> one index file;  run: the order;  session, tables, blocks: what Spark needs

What comes out is what `dedupe index` has, row by row, however the crawl is cut and dealt out:

- Documents. The readers are the same; a part is a stretch of a file's lines, or every n-th run of its
  records, numbered as in the whole file. A record is known by its place (root, path, member); a file that
  is named twice is read once. There is no rule by URL: what was fetched twice is two documents. Where
  several claim one id the first by place keeps it, the others get `id~hash of the place`.
- Furniture. The local engine learns as it reads and signs again what was signed too early; it ends with the
  lines that have enough titles over all documents, which do not depend on the order. Here reading is one
  pass and signing the next, with those lines.
- Candidates. A bucket's rule depends on its documents alone: up to the cap all pairs, above it the
  representatives of lowest rank with all. The rank is a hash of the id, so it is the same here. All postings
  of a key are in one partition, and :func:`dedupe.match.buckets.bucket_pairs` is called on that. Weights are
  sums over keys, so they may be added up by partition; above the threshold they are not told apart.
- Edges. Verification knows two stories and no more.
- Clusters. Components by pairs that are reuse, whatever their order; then the same function on whole
  components, with the same check of words at second hand. Edges and stories are put in order by id first.

Numbers. A document is one int64, part << 32 | row; it names its file, so that texts are fetched from files
instead of being joined. Hashes are int64 too: Spark has no unsigned ones. SQLite's document numbers decide
nothing and are given anew by the import.

Bytes. Only what must meet is shuffled: keys of lines and stories as packed blocks (see blocks), 5 bytes a
posting; partial weights of pairs, 11; a text once for each group of candidates that wants it, and once more
for its cluster. A partition is some 16 million postings, 16 bytes each. A key with very many documents is
paired a stretch at a time, and its pairs are spread over all groups by the document that is compared.

INPUT and the output must be paths that every worker sees (NFS, or a mounted object store): crawl's readers
and the texts' fetching open files, not Hadoop's file systems.
"""
