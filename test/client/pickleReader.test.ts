import assert from "node:assert/strict";
import { test } from "node:test";
import { Decimal, PythonException, PythonObject } from "../../src/client/index.ts";
import { assemble, pickles, python, unpickle } from "./pickleBytes.ts";

test("the bytes of the protocol's description are read", () => {
  const values: [string, unknown][] = [
    ["80049509000000000000004b0785947d9486942e", [[7], {}]],
    ["80049512000000000000008c01619485947d948c016b944b017386942e", [["a"], { k: 1 }]],
    ["8004950600000000000000297d9486942e", [[], {}]],
    ["80044e2e", null],
    ["8004882e", true],
    ["80044b052e", 5],
    ["8004950a00000000000000473ff80000000000002e", 1.5],
  ];
  for (const [hex, expected] of values) assert.deepEqual(unpickle(Buffer.from(hex, "hex")), expected);
});

test("what Python pickles, with every protocol, becomes what JavaScript has for it", () => {
  const values: [expression: string, expected: unknown][] = [
    ["[True, False, None]", [true, false, null]],
    ["[0, 255, 256, 65536, -1, 2**31, -2**31]", [0, 255, 256, 65_536, -1, 2 ** 31, -(2 ** 31)]],
    ["[2**53, -2**64, 2**2100]", [2n ** 53n, -(2n ** 64n), 2n ** 2_100n]],
    ["[1.5, -0.0, float('inf'), float('-inf'), float('nan')]", [1.5, -0, Infinity, -Infinity, Number.NaN]],
    ["['', 'a\\nb', '\\\\u0041', 'ä€😀', '\\ud800', '\\ufffd']", ["", "a\nb", "\\u0041", "ä€😀", "\ud800", "\ufffd"]],
    ["'x' * 70000", "x".repeat(70_000)],
    ["[b'', b'\\x00\\xff', bytearray(b'ab')]", [new Uint8Array(), Uint8Array.of(0, 255), Uint8Array.of(97, 98)]],
    ["((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4))", [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]],
    ["list(range(2500))", Array.from({ length: 2_500 }, (_, index) => index)],
    ["{'a': {}, '__proto__': 1}", JSON.parse('{"a": {}, "__proto__": 1}')],
    [
      "{1: 'a', (2, 3): 'b'}",
      new Map<unknown, string>([
        [1, "a"],
        [[2, 3], "b"],
      ]),
    ],
    ["[set(), {1}, frozenset(['x'])]", [new Set(), new Set([1]), new Set(["x"])]],
    ["collections.OrderedDict(b=1, a=2)", { b: 1, a: 2 }],
    ["collections.defaultdict(list, {1: [2]})", new Map([[1, [2]]])],
    ["collections.Counter('aab')", { a: 2, b: 1 }],
    ["collections.deque([1, 2], 5)", [1, 2]],
    ["datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, datetime.timezone.utc)", new Date("2026-01-02T03:04:05.678Z")],
    [
      "datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=-5, minutes=-30)))",
      new Date("2026-01-02T05:30:00Z"),
    ],
    ["[decimal.Decimal('1.50'), decimal.Decimal('-3E+5'), decimal.Decimal('NaN')]", [1.5, -300_000, Number.NaN]],
    ["decimal.Decimal('0.1000000000000000000001')", new Decimal("0.1000000000000000000001")],
  ];
  for (const [expression, expected] of values) {
    for (const [protocol, bytes] of pickles(expression, "collections, datetime, decimal").entries()) {
      assert.deepEqual(unpickle(bytes), expected, `${expression}, protocol ${protocol}`);
    }
  }
});

test("what has no form in JavaScript reads as Python writes it", () => {
  const expressions = [
    "datetime.date(2026, 1, 2)",
    "datetime.datetime(2026, 1, 2, 3, 4)",
    "datetime.datetime(1, 12, 31, 23, 59, 59, 999999)",
    "datetime.datetime(2026, 1, 2, 0, 0, tzinfo=zoneinfo.ZoneInfo(key='Europe/Berlin'))",
    "datetime.time(3, 4, 5)",
    "datetime.timedelta(days=-1, seconds=3, microseconds=4)",
    "datetime.timedelta(0)",
    "(1.5-2j)",
  ];
  for (const expression of expressions) {
    for (const bytes of pickles(expression, "datetime, zoneinfo")) {
      const value = unpickle(bytes);
      assert.ok(value instanceof PythonObject);
      assert.equal(value.text, expression);
      assert.equal(JSON.stringify(value), JSON.stringify({ $python: expression }));
    }
  }
});

test("exceptions tell class, message and arguments", () => {
  for (const bytes of pickles("[ValueError('boom'), KeyError('k'), RuntimeError(), LookupError(2, 'no')]")) {
    const [boom, key, empty, missing] = unpickle(bytes) as PythonException[];
    assert.ok(boom instanceof PythonException);
    assert.deepEqual([boom.module, boom.name, boom.message, boom.args], ["builtins", "ValueError", "boom", ["boom"]]);
    assert.equal(key?.message, '"k"');
    assert.equal(String(empty), "RuntimeError()");
    assert.equal(String(missing), 'LookupError(2, "no")');
  }
});

test("objects of other classes are named with their size", () => {
  const code = `
import dataclasses, enum, types
module = types.ModuleType("shop"); sys.modules["shop"] = module
exec('''
import dataclasses, enum
@dataclasses.dataclass
class Order:
    name: str
    parent: object = None
class Color(enum.Enum):
    RED = 1
class Pair(tuple): pass
class Rows(list): pass
class Table(dict): pass
''', module.__dict__)
order = module.Order("x" * 1000); order.parent = order
for protocol in range(6):
    put(pickle.dumps([order, module.Color.RED, module.Pair((1, 2)), module.Rows([1]), module.Table(a=1), module.Order, 7], protocol))`;
  for (const bytes of python(code)) {
    const [order, color, pair, rows, table, type, seven] = unpickle(bytes) as PythonObject[];
    assert.ok(order instanceof PythonObject);
    assert.deepEqual([order.module, order.name], ["shop", "Order"]);
    const [, size = ""] = /^<shop\.Order, (1,\d\d\d) bytes>$/.exec(order.text) ?? [];
    assert.ok(Number(size.replace(",", "")) < bytes.length);
    // Early versions of Python 3.11 name a member as they name a class in a class.
    assert.match(String(color), /^<shop\.Color, \d+ bytes>$|^<class shop\.Color\.RED>$/);
    for (const [object, name] of [
      [pair, "Pair"],
      [rows, "Rows"],
      [table, "Table"],
    ] as const) {
      assert.match(String(object), new RegExp(`^<shop\\.${name}, \\d+ bytes>$`));
    }
    assert.equal(String(type), "<class shop.Order>");
    assert.equal(seven, 7);
  }
});

test("a value that stands in several places is one value, and one that holds itself says so", () => {
  const [circle, twice] = python(`
row = [1]
circle = {"rows": [row, row]}; circle["self"] = circle
put(pickle.dumps(circle, 4)); put(pickle.dumps([row, row], 4))`);
  const { rows, self } = unpickle(circle ?? Buffer.of()) as { rows: unknown[]; self: unknown };
  assert.deepEqual(rows, [[1], [1]]);
  assert.equal(String(self), "<the value that this stands in>");
  const [first, second] = unpickle(twice ?? Buffer.of()) as unknown[];
  assert.equal(first, second);
});

test("Modal's objects come by their ids", () => {
  const handle = (id: string) => assemble("\x80\x04(\x8c", id.length, id, "\x8c\x01oNtQ.");
  assert.deepEqual(unpickle(handle("fc-123")), ["fc-123"]);
  assert.equal(String(unpickle(handle("fu-123"))), "<modal.Function fu-123>");
  assert.equal(String(unpickle(handle("xy-1"))), "<modal.Object xy-1>");
  assert.throws(() => unpickle(assemble("\x80\x04NQ.")), { name: "DeserializationError" });
});

test("pickles of Python 2 are read, whose texts are bytes or characters", () => {
  assert.deepEqual(unpickle(assemble("(S'a\\x41\\n'\nI01\nL12L\nU\x02\xe4bt.")), ["aA\n", true, 12, "äb"]);
  assert.deepEqual(unpickle(assemble("(i__builtin__\nset\n.")), new Set());
});
