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

PATH and the output must be paths that every worker sees (NFS, or a mounted object store): crawl's readers
and the texts' fetching open files, not Hadoop's file systems.

Cost, on local[2] with generated documents of 2.7 KB (`scripts/bench spark`): a million take 514 s and 890
processor seconds, 50 of them for starting, so 0.85 ms a document (the local engine: 0.6), and 1.39 KB of
shuffle: lines 121 bytes, ids 8, postings and weights 465, texts to compare 504, texts to group 293. What
depends on the number of partitions was measured with as many as 16 million documents would get (64 of keys,
128 groups) over 100,000: lines 245, postings and weights 921, texts to compare 857 or more; 2.3 KB in all. It
ends where every posting brings its document's number and rank for itself (15 bytes, 68 a document), each pair
has a weight in each partition, and a story meets each of its likes apart (1.9 texts a document): some 4 KB.

    documents                    10^8, a month of web news      10^9, CC-NEWS
    core-hours, parsed text      24 to 40                       240 to 400
    … and raw HTML, 300 pages/s  115 to 135                     1,150 to 1,350
    shuffle                      0.25 to 0.4 TB                 2.5 to 4 TB
    parts of 64 MB text          4,200                          42,000
    partitions of keys, groups   400, 1,700                     4,000, 17,000

These are worked out, not tried. What breaks first, by the same arithmetic:

- 10^7 files: the driver holds a record for each, some 1 KB. Pages in files of their own want packing first.
- 3 * 10^5 documents in one component: one task holds their stories, some 10 KB each.
- 5 * 10^7 documents with one key: one task sorts them, 50 bytes each.
- 10^9 documents: 42,000 x 4,000 blocks of 4 KB each in one shuffle (`--part 512` makes them eight times fewer
  and larger), and some 10^7 lines of furniture, 1 GB in every Python process.
"""
