import { create, type DescField, type DescMessage, type DescOneof, type Message, ScalarType } from "@bufbuild/protobuf";

/** Messages may hold themselves; deeper than this a sample has none inside. */
const MAX_DEPTH = 6;

/**
 * Messages of a type that together have every field set, each to a value of its own, every case of each oneof, and every value of
 * each enum.
 */
export function sampleMessages(type: DescMessage): Message[] {
  const types = messageTypes(type);
  const cases = types.flatMap(({ oneofs }) => oneofs.map(({ fields }) => fields.length));
  const values = types.flatMap(({ fields }) => fields.map(({ enum: type }) => type?.values.length ?? 1));
  const count = Math.max(1, ...cases, ...values);
  return Array.from({ length: count }, (_, index) => create(type, new Sampler(index).message(type, 0)));
}

/** The type and all types inside. */
function messageTypes(type: DescMessage, known = new Set<DescMessage>()): DescMessage[] {
  if (known.has(type)) return [];
  known.add(type);
  return [type, ...type.fields.flatMap((field) => (field.message ? messageTypes(field.message, known) : []))];
}

class Sampler {
  readonly #index: number;
  #last = 0;

  /** @param index which case of each oneof, and which value of each enum */
  constructor(index: number) {
    this.#index = index;
  }

  message(type: DescMessage, depth: number): Record<string, unknown> {
    // Of all seconds, only those of a calendar have a JSON form; the SDK's dates have no more than milliseconds.
    if (type.typeName === "google.protobuf.Timestamp") {
      return { seconds: 1_700_000_000n + BigInt(++this.#last), nanos: 500_000_000 };
    }
    const entries = type.members.flatMap((member): [string, unknown][] => {
      if (member.kind === "oneof") return [[member.localName, this.#oneof(member, depth)]];
      return isTooDeep(member, depth) ? [] : [[member.localName, this.#field(member, depth)]];
    });
    return Object.fromEntries(entries);
  }

  #oneof({ fields }: DescOneof, depth: number): object {
    const shallow = fields.filter((field) => !isTooDeep(field, depth));
    const field = shallow[this.#index % shallow.length];
    return field ? { case: field.localName, value: this.#field(field, depth) } : { case: undefined };
  }

  #field(field: DescField, depth: number): unknown {
    switch (field.fieldKind) {
      case "scalar":
        return this.#scalar(field.scalar);
      case "enum":
        return this.#enumNumber(field);
      case "message":
        return this.message(field.message, depth + 1);
      case "list":
        return [1, 2].map(() => this.#element(field, depth));
      case "map":
        // ts-proto writes maps in the order in which they were made, protobuf-es too; one entry says as much as two.
        return { [String(this.#scalar(field.mapKey))]: this.#element(field, depth) };
    }
  }

  #element(field: DescField & { fieldKind: "list" | "map" }, depth: number): unknown {
    if (field.message) return this.message(field.message, depth + 1);
    return field.scalar === undefined ? this.#enumNumber(field) : this.#scalar(field.scalar);
  }

  #enumNumber({ enum: type }: DescField): number {
    return type?.values[this.#index % type.values.length]?.number ?? 0;
  }

  #scalar(type: ScalarType): unknown {
    const number = ++this.#last;
    switch (type) {
      case ScalarType.STRING:
        return `text ${number}`;
      case ScalarType.BYTES:
        return Uint8Array.of(0, number, 255);
      case ScalarType.BOOL:
        return true;
      case ScalarType.DOUBLE:
      case ScalarType.FLOAT:
        return number + 0.5;
      case ScalarType.INT64:
      case ScalarType.UINT64:
      case ScalarType.SINT64:
      case ScalarType.FIXED64:
      case ScalarType.SFIXED64:
        return 2n ** 40n + BigInt(number);
      default:
        return number;
    }
  }
}

function isTooDeep(field: DescField, depth: number): boolean {
  return field.message !== undefined && depth >= MAX_DEPTH;
}
