import assert from "node:assert/strict";
import test from "node:test";
import { TOTAL_LIMIT, VALUE_LIMIT, decode, encode } from "../../generator/web/kit-memory/prefill.mjs";

test("what is put into a link comes out of it", () => {
  const values = new Map([
    ["Company", "Müller & Söhne = #1"],
    ["Interviewer's Name", "Zoë (she/her)! 100%"],
  ]);
  const { fragment, taken, left } = encode("warm", values);
  assert.deepEqual([taken, left], [2, 0]);
  assert.doesNotMatch(fragment, /[!'()*~\s#]/); // where programs end a link
  assert.deepEqual(decode(`#${fragment}`, values.keys()), { email: "warm", values, unknown: 0 });
});

test("a link fills no field that is not there, and says how many it named", () => {
  const { values, unknown } = decode("#Company=Acme&Salary=1&Boss=2&=3&nothing", ["Company"]);
  assert.deepEqual([...values], [["Company", "Acme"]]);
  assert.equal(unknown, 2);
});

test("two spellings of a field are one", () => {
  const { values } = decode("#Interviewer%E2%80%99s%20%20Name=Ann", ["Interviewer's Name"]);
  assert.deepEqual([...values], [["Interviewer's Name", "Ann"]]);
});

test("what could turn or hide the text around it is taken out", () => {
  const { values } = decode("#Company=a%E2%80%AEb%00c%0Ad%FF", ["Company"]);
  assert.deepEqual([...values.values()], ["abc d%FF"]);
});

test("a link that a program took for HTML is read as it was meant", () => {
  const { values } = decode("#Company=A&amp;Position=B&#38;Topic=C%26amp%3B", ["Company", "Position", "Topic"]);
  assert.deepEqual([...values.values()], ["A", "B", "C&amp;"]);
});

test("no link holds more than a form takes", () => {
  const { values } = decode(`#A=${"x".repeat(VALUE_LIMIT + 9)}`, ["A"]);
  assert.equal(values.get("A")?.length, VALUE_LIMIT);
  const many = new Map(Array.from({ length: 20 }, (_, index) => [`F${index}`, "y".repeat(VALUE_LIMIT)]));
  const { fragment, taken, left } = encode("", many);
  assert.equal(taken, TOTAL_LIMIT / VALUE_LIMIT);
  assert.equal(taken + left, 20);
  const read = decode(fragment, many.keys()).values;
  assert.equal([...read.values()].join("").length, TOTAL_LIMIT);
});

test("no half of a character is left at the end", () => {
  const { values } = decode(`#A=${"x".repeat(VALUE_LIMIT - 1)}😀`, ["A"]);
  assert.ok(values.get("A")?.isWellFormed());
});

/** Numbers from 0 to 1 that are the same in every run: mulberry32. @param {number} seed */
function numbers(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("random links never throw, set no unknown field, and say the same when they are made again", () => {
  const random = numbers(20261124);
  /** @param {string[]} list */
  const one = (list) => list[Math.floor(random() * list.length)] ?? "";
  const keys = ["Your Name", "Interviewer's Name", "Company", "a project or aspect discussed", "date of your last email"];
  // prettier-ignore
  const signs = ["&", "=", "%", "#", "+", "%2", "%zz", "%00", "%0d%0a", "%e4", "%F0%9F%90%A6", "%ed%a0%80", "%25", "<b>",
    "\u202e", "\ud800", "\udc00", "é", "🐦", "’", "x", " ", ";", "[", "]", "\\", "__proto__", "constructor", "toString",
    "prototype", "email", "email=", "x".repeat(600), ...keys, ...keys.map(encodeURIComponent)];
  let filled = 0;
  for (let round = 0; round < 2000; round += 1) {
    const start = Array.from({ length: Math.floor(random() * 40) }, () => one(signs)).join(one(["", "&", "="]));
    const fragment = `${start}&${one(keys)}=${one(signs)}${one(signs)}&${encodeURIComponent(one(keys))}=${one(signs)}`;
    const { email, values } = decode(fragment, keys);
    filled += values.size;
    assert.ok([...values.keys()].every((key) => keys.includes(key)), fragment);
    for (const text of [...values.values(), email]) {
      assert.ok(text.length <= VALUE_LIMIT && text.isWellFormed() && !/\p{Cc}/u.test(text), fragment);
    }
    assert.ok([...values.values()].join("").length <= TOTAL_LIMIT, fragment);
    const again = decode(encode(email, values).fragment, keys);
    assert.deepEqual([again.email, again.values], [email, values], fragment);
  }
  assert.deepEqual(Object.keys(Object.prototype), []);
  assert.ok(filled > 500); // enough of them got in to mean something
});
