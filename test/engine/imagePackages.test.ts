import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { imagePackages, packageName } from "../../src/engine/deploy/imagePackages.ts";
import { ImageSchema } from "../../src/proto/gen/modal_pb.js";

function packagesOf(dockerfileCommands: string[], requirements = ""): string[] {
  const contextFiles = [{ filename: "/.requirements.txt", data: Buffer.from(requirements) }];
  return imagePackages(create(ImageSchema, { dockerfileCommands, contextFiles }));
}

test("an image's packages are those that its commands give to pip and uv", () => {
  assert.deepEqual(packagesOf(["FROM base", "RUN python -m pip install numpy 'pandas>=2' torch[extra]==2.1"]), [
    "numpy",
    "pandas>=2",
    "torch[extra]==2.1",
  ]);
  assert.deepEqual(
    packagesOf([
      "RUN /.uv/uv pip install --python $(command -v python) --compile-bytecode httpx --index-url https://x/y attrs",
    ]),
    ["httpx", "attrs"],
  );
  assert.deepEqual(packagesOf(["RUN apt-get update && pip install one; pip3 install two", "CMD pip install three"]), [
    "one",
    "two",
  ]);
});

test("requirements are read from the file that goes with the image", () => {
  const commands = [
    "COPY /.requirements.txt /.requirements.txt",
    "RUN python -m pip install -r /.requirements.txt four",
  ];
  assert.deepEqual(packagesOf(commands, "# wanted\none==1  # why\n\n--pre\ntwo\n"), ["one==1", "two", "four"]);
});

test("tools, places and addresses are no packages", () => {
  assert.deepEqual(
    packagesOf(["RUN pip install --upgrade pip wheel uv", "RUN pip install ./own git+https://x/y.git"]),
    [],
  );
});

test("a package's name is as packages are compared", () => {
  assert.equal(packageName("Typing_Extensions[x]>=4"), "typing-extensions");
});
