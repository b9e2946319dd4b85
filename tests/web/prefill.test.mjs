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
