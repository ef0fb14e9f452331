import assert from "node:assert/strict";
import { test } from "node:test";
import { usePages } from "./pageHarness.ts";
import { logLine } from "./samples.ts";

const withPage = usePages("logPage/main.tsx");

const HOUR_MS = 3_600_000;

test("lines are filtered, counted by time, and saved as they are shown", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const now = Date.now();
    await opened.send(
      { type: "reset", title: "app" },
      {
        type: "lines",
        lines: [
          logLine("old error\n", { at: now - 3 * HOUR_MS }),
          logLine("new \u001b[31mError\u001b[0m\n", { at: now }),
          logLine("new line\n", { at: now }),
        ],
      },
    );
    await page.getByText("3 lines", { exact: true }).waitFor();
    await page.locator('.log-line span[style*="--vscode-terminal-ansiRed"]', { hasText: "Error" }).waitFor();
    await page.locator("vscode-textfield input").fill("error");
    await page.getByText("2 of 3 lines").waitFor();
    await page.getByRole("combobox", { name: "Since" }).selectOption("Last hour");
    await page.getByText("1 of 3 lines").waitFor();
    assert.equal(await page.getByText("old error").count(), 0);
    await page.getByRole("button", { name: "Save Logs" }).click();
    const stamp = new Date(now).toISOString();
    assert.deepEqual(await opened.sentMessage("save"), { type: "save", text: `${stamp} new Error\n` });
    await page.getByRole("button", { name: "Show Timestamps" }).click();
    await page.locator(".log-time").first().waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Save Logs" }).click();
    await page.waitForFunction(() => window.record.sent.filter(({ type }) => type === "save").length === 2);
    assert.deepEqual(await opened.sentMessage("save"), { type: "save", text: "new Error\n" });
    assert.deepEqual(await opened.state(), { filter: "error", sinceMinutes: 60, wrap: false, timestamps: false });
  }));

test("long lines are wrapped when the reader wants it, also after the page was hidden", () =>
  withPage(
    async (opened) => {
      const { page } = opened;
      const lines = [logLine(`${"word ".repeat(300)}\n`), logLine("last\n")];
      await opened.send({ type: "reset", title: "app" }, { type: "lines", lines });
      const tall = page.locator(".log-line").first();
      await page.waitForFunction(() => (document.querySelector(".log-line")?.clientHeight ?? 0) > 60);
      const below = page.locator(".log-line", { hasText: "last" });
      await page.waitForFunction(() => {
        const [first, second] = [...document.querySelectorAll(".log-line")].map((row) => row.getBoundingClientRect());
        return first && second && second.top >= first.bottom - 1;
      });
      await page.getByRole("button", { name: "Wrap Lines", pressed: true }).click();
      await page.waitForFunction(() => document.querySelector(".log-line")?.clientHeight === 20);
      assert.ok((await tall.isVisible()) && (await below.isVisible()));
    },
    { state: { filter: "", sinceMinutes: 0, wrap: true, timestamps: true }, widthPx: 600 },
  ));

test("the page says what stands in the way, what has ended, and what to do when nothing was chosen", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", title: undefined });
    await page.getByRole("button", { name: "Follow Logs" }).click();
    await opened.sentMessage("choose");
    await opened.send({ type: "reset", title: "app" });
    await page.getByText("Nothing was printed yet.").waitFor();
    const message = "The server does not answer.";
    await opened.send({ type: "status", status: { kind: "problem", message, passes: true } });
    await page.getByRole("status").getByText(message).waitFor();
    await opened.send({ type: "status", status: { kind: "ended" } });
    await page.getByText("nothing more will be printed").waitFor();
  }));

test("twenty thousand lines are drawn as a screenful, and the newest is in view", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", title: "app" });
    // Made in the page: a test hands over a message of this size slowly.
    await page.evaluate((line) => {
      const lines = Array.from({ length: 20_000 }, (_, index) => ({ ...line, text: `line ${index}\n` }));
      window.postMessage({ type: "lines", lines }, "*");
    }, logLine(""));
    await page.getByText("line 19999", { exact: true }).waitFor();
    assert.ok((await page.locator(".log-line").count()) < 100);
  }));

test("of a hundred thousand lines that are filtered while they come the last twenty thousand stay", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", title: "app" });
    await page.locator("vscode-textfield input").fill("LINE 9999");
    await page.evaluate((line) => {
      for (let start = 0; start < 100_000; start += 2_000) {
        const lines = Array.from({ length: 2_000 }, (_, index) => ({ ...line, text: `line ${start + index}\n` }));
        window.postMessage({ type: "lines", lines }, "*");
      }
    }, logLine(""));
    await page.getByText("10 of 20,000 lines; the first 80,000 are no longer shown").waitFor();
    await page.getByText("line 99999", { exact: true }).waitFor();
  }));
