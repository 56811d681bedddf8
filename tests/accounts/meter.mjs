// Judges, with the browser's own code, each [password, words, minimum] of the JSON list given on standard input.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { assess } from "../../backoffice/static/js/meter.js";

const root = new URL("../../", import.meta.url);
const zxcvbn = createRequire(import.meta.url)(new URL("backoffice/static/vendor/zxcvbn/zxcvbn.js", root).pathname);
const strength = JSON.parse(readFileSync(new URL("accounts/static/accounts/strength.json", root)));
const cases = JSON.parse(readFileSync(0));
const answers = cases.map(([password, words, minimum]) => assess(password, words, { zxcvbn, strength, minimum }));
process.stdout.write(JSON.stringify(answers));
