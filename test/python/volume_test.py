"""The stand-in's volumes: what functions do with their files, and nothing beside them."""

import asyncio
import io
import os
import tempfile
import unittest

import modal
from modal.exception import InvalidError, UnimplementedError
from modal.types import FileEntryType


class Volumes(unittest.TestCase):
    def test_files_are_put_listed_read_copied_and_removed(self) -> None:
        with modal.Volume.ephemeral() as volume, tempfile.TemporaryDirectory() as local:
            os.makedirs(os.path.join(local, "inner"))
            for name in ("a.txt", os.path.join("inner", "b.txt")):
                with open(os.path.join(local, name), "w") as file:
                    file.write(name[-5:])
            with volume.batch_upload() as batch:
                batch.put_file(io.BytesIO(b"bytes"), "/deep/c.bin")
                batch.put_directory(local, "/all")
                batch.put_directory(local, "/flat", recursive=False)
            self.assertEqual([entry.path for entry in volume.listdir("/")], ["all", "deep", "flat"])
            self.assertEqual(
                [(entry.path, entry.type, entry.size) for entry in volume.iterdir("all")],
                [
                    ("all/a.txt", FileEntryType.FILE, 5),
                    ("all/inner", FileEntryType.DIRECTORY, os.lstat(os.path.join(volume.folder(), "all/inner")).st_size),
                    ("all/inner/b.txt", FileEntryType.FILE, 5),
                ],
            )
            self.assertEqual([entry.path for entry in volume.listdir("flat", recursive=True)], ["flat/a.txt"])
            self.assertEqual(b"".join(volume.read_file("deep/c.bin")), b"bytes")
            into = io.BytesIO()
            self.assertEqual((volume.read_file_into_fileobj("/deep/c.bin", into), into.getvalue()), (5, b"bytes"))
            volume.copy_files(["deep/c.bin", "all/a.txt"], "flat")
            volume.copy_files(["all"], "new", recursive=True)
            volume.remove_file("all", recursive=True)
            volume.remove_file("/flat/a.txt")
            left = [entry.path for entry in volume.iterdir("/") if entry.type == FileEntryType.FILE]
            self.assertEqual(left, ["deep/c.bin", "flat/c.bin", "new/a.txt", "new/inner/b.txt"])

    def test_what_is_there_is_not_overwritten_unasked(self) -> None:
        with modal.Volume.ephemeral() as volume:
            for force in (False, True):
                with volume.batch_upload(force=force) as batch:
                    batch.put_file(io.BytesIO(b"1"), "a")
            with self.assertRaisesRegex(FileExistsError, "a is in the volume already"), volume.batch_upload() as batch:
                batch.put_file(io.BytesIO(b"2"), "b")
                batch.put_file(io.BytesIO(b"2"), "a")
            self.assertEqual([entry.path for entry in volume.listdir("/")], ["a"])

    def test_nothing_beside_its_folder_is_touched(self) -> None:
        with modal.Volume.ephemeral() as volume, tempfile.TemporaryDirectory() as outside:
            os.symlink(outside, os.path.join(volume.folder(), "link"))
            for path in ("..", "/../x", "link", "link/x", "a/../../x"):
                with self.subTest(path), self.assertRaisesRegex(InvalidError, "leads out of the volume"):
                    volume.listdir(path)
            self.assertEqual([entry.type for entry in volume.iterdir("/")], [FileEntryType.SYMLINK])
            with self.assertRaises(InvalidError):
                volume.remove_file("/", recursive=True)
            with self.assertRaises(FileNotFoundError):
                volume.listdir("none")

    def test_event_loops_have_the_same(self) -> None:
        async def use() -> "tuple[list[str], bytes]":
            async with modal.Volume.ephemeral() as volume:
                async with await volume.batch_upload.aio() as batch:
                    batch.put_file(io.BytesIO(b"x"), "a")
                await volume.commit.aio()
                await volume.reload.aio()
                paths = [entry.path async for entry in volume.iterdir.aio("/")]
                return paths, b"".join([piece async for piece in volume.read_file.aio("a")])

        self.assertEqual(asyncio.run(use()), (["a"], b"x"))

    def test_names_are_checked_and_what_is_not_here_is_refused(self) -> None:
        for name in ("a b", "", "x" * 65):
            with self.assertRaisesRegex(InvalidError, "cannot name a volume"):
                modal.Volume.from_name(name)
        volume = modal.Volume.from_name("data").with_mount_options(sub_path="/users/me", read_only=True)
        self.assertEqual(volume.sub_path, "users/me")
        volume.commit()
        with self.assertRaisesRegex(UnimplementedError, r"Volume\.from_id"):
            modal.Volume.from_id("vo-1")
        with self.assertRaisesRegex(UnimplementedError, r"Volume\.info"):
            volume.info()


if __name__ == "__main__":
    unittest.main()
