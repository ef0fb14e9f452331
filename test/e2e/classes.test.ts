import { test } from "node:test";
import { useWorkbench } from "./workbench.ts";

const till = `import modal

app = modal.App("shop")


@app.cls()
class Till:
    currency: str = modal.parameter(default="EUR")

    @modal.enter()
    def open(self):
        self.total = 100

    @modal.method()
    def add(self, price: int) -> str:
        print("added", price)
        self.total += price
        return f"{self.total} {self.currency}"

    @modal.method()
    def count(self, n: int):
        for index in range(n):
            yield f"coin {index}"


@app.cls()
class Shelf:
    def __init__(self, goods: str, rows: int = 2):
        self.goods = goods
        self.rows = rows

    @modal.method()
    def stock(self, each: int) -> str:
        return f"{self.rows * each} {self.goods}"
`;

const workbench = useWorkbench({ files: { "till.py": till }, deployed: ["till.py"] });

test("the methods of a class are in the side bar, and run with the values of its parameters' defaults", async () => {
  await workbench().showSidebar();
  await workbench().treeItem("Till").waitFor();
  await workbench().treeItem("add").waitFor();
  await workbench().treeItem("count").waitFor();
  await workbench().runCommand("Spawnpoint: Run");
  await workbench().pick(/Till\.add/);
  await workbench().pick("price: int");
  await workbench().answer(/Give a whole number/, "5");
  await workbench().pick("Run");
  await workbench().callPanel.getByText("105 EUR", { exact: false }).first().waitFor();
  await workbench().callPanel.getByText("Finished").first().waitFor();
});

test("a generator method shows its items", async () => {
  await workbench().runCommand("Spawnpoint: Run");
  await workbench().pick(/Till\.count/);
  await workbench().pick("n: int");
  await workbench().answer(/Give a whole number/, "3");
  await workbench().pick("Run");
  await workbench().callPanel.getByText("coin 2", { exact: false }).first().waitFor();
});

test("the arguments of an __init__ are asked for, as the open file has them", async () => {
  await workbench().openFile("till.py");
  await workbench().runCommand("Spawnpoint: Run");
  await workbench().pick(/Shelf\.stock/);
  await workbench().pick("goods: str");
  await workbench().answer(/Give text/, "pears");
  await workbench().pick("rows: int");
  await workbench().answer(/Give a whole number/, "3");
  await workbench().pick("each: int");
  await workbench().answer(/Give a whole number/, "4");
  await workbench().pick("Run");
  await workbench().callPanel.getByText("12 pears", { exact: false }).first().waitFor();
});

test("Run in Python asks for the parameters of the class too", async () => {
  await workbench().openFile("till.py");
  await workbench().goToEndOfLine(1);
  await workbench().codeLens("Run in Python").first().click();
  await workbench().pick("currency: str");
  await workbench().answer(/Give text/, "CHF");
  await workbench().pick("price: int");
  await workbench().answer(/Give a whole number/, "7");
  await workbench().pick("Run");
  await workbench().page.locator(".panel .view-line", { hasText: "107 CHF" }).last().waitFor();
});
