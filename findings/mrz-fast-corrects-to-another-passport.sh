#!/bin/bash
# mrz-fast (JavaScript), option `errorCorrection`: what it makes of one misread digit in a passport's number.
#
# Expected: letters and digits that look alike (O and 0, B and 8, S and 5) are swapped where the check digit asks for it. A
#   digit that was read as another digit is no such case: the zone stays invalid, and somebody reads it again.
# What happens: nine times in ten the zone comes back `valid: true` with a number that is neither the printed nor the read
#   one. The field is alphanumeric, so every digit may become its look-alike letter; with some four of them in a number there
#   are enough combinations to meet the check digit of the field and of the line by chance. X79563672, read as X39563672,
#   comes as X395636ZZ. Only dates, where letters cannot stand, stay invalid.
# Why it matters: the check digit's whole use is that such a reading is refused. With the option on, a client is stored and
#   looked for under a passport that does not exist, and the service that compares the number finds another person's or none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund mrz-fast@1.0.9
cat >misread.mjs <<'JS'
import { createMRZ, parseMRZ } from "mrz-fast";

const person = {
  documentCode: "P", issuingState: "COL", nationality: "COL", lastName: "LOPEZ", firstName: "ANA", sex: "female",
  birthDate: { year: 1974, month: 8, day: 12 }, expirationDate: { year: 2032, month: 4, day: 15 },
};
const came = { another: 0, right: 0, invalid: 0 };
const replaced = (text, at, sign) => text.slice(0, at) + sign + text.slice(at + 1);
for (let one = 0; one < 40; one++) {
  const printed = "NXCK"[one % 4] + String(10007919 + one * 2236067).slice(-8);
  const [names, line] = createMRZ({ ...person, documentNumber: printed });
  const at = 1 + (one % 8);
  const zone = [names, replaced(line, at, (Number(line[at]) + 3) % 10)]; // 3 for 0, 4 for 1 ...: no look-alikes
  if (parseMRZ(zone).valid) throw new Error("the behaviour changed: the check digits let it pass");
  const answer = parseMRZ(zone, { errorCorrection: true });
  const number = answer.fields.documentNumber;
  came[!answer.valid ? "invalid" : number === printed ? "right" : "another"]++;
  if (one < 5) console.log(`printed ${printed}  read ${zone[1].slice(0, 9)}  valid: ${answer.valid}  ${number}`);
}
console.log("mrz-fast 1.0.9", JSON.stringify(came));
const [names, line] = createMRZ({ ...person, documentNumber: "N12345678" });
const born = parseMRZ([names, replaced(line, 16, "9")], { errorCorrection: true });
console.log(`a month of birth misread: valid: ${born.valid}`);
if (came.another < 30 || born.valid) throw new Error("the behaviour changed");
JS
node misread.mjs
