"""Counts the words of Python's own reference, in three levels of calls.

`count_library` maps `count_book` over the books, and each book maps `count_chapter` over its chapters: the call graph
shows all three. A book is a topic of Python's help, such as "types" or "formatstrings".
"""

import re
from collections import Counter

import modal

app = modal.App("word-count")

BOOKS = ["types", "compound", "formatstrings", "string-methods", "debugger", "execmodel"]
CHAPTER_CHARACTERS = 6000
WORD = re.compile(r"[a-z]+(?:['’][a-z]+)*")


@app.function()
def count_library(books: "list[str]" = BOOKS, top: int = 10) -> "dict[str, int]":
    """The most frequent words of several books together."""
    total: Counter = Counter()
    for book, counts in zip(books, count_book.map(books)):
        print(f"{book}: {sum(counts.values())} words, {len(counts)} different ones")
        total.update(counts)
    return dict(total.most_common(top))


@app.function()
def count_book(book: str) -> "dict[str, int]":
    """The words of one book, counted chapter by chapter."""
    chapters = split_chapters(read_book(book))
    numbers = range(1, len(chapters) + 1)
    total: Counter = Counter()
    for counts in count_chapter.starmap(zip(numbers, chapters)):
        total.update(counts)
    return dict(total)


@app.function()
def count_chapter(number: int, text: str) -> "dict[str, int]":
    """The words of one chapter."""
    counts = Counter(WORD.findall(text.lower()))
    word, times = counts.most_common(1)[0] if counts else ("", 0)
    print(f'chapter {number}: {sum(counts.values())} words, most often "{word}" ({times} times)')
    return dict(counts)


def read_book(book: str) -> str:
    """The text of a help topic, which every Python carries with it."""
    from pydoc_data.topics import topics

    if book not in topics:
        raise ValueError(f'There is no book "{book}"; there are {", ".join(sorted(topics))}.')
    return topics[book]


def split_chapters(text: str) -> "list[str]":
    """The text in parts of about the same length, each ending with a paragraph."""
    chapters = [""]
    for paragraph in text.split("\n\n"):
        if len(chapters[-1]) > CHAPTER_CHARACTERS:
            chapters.append("")
        chapters[-1] += paragraph + "\n\n"
    return chapters
