// What is typed in the card form is laid out as on the card: the number in groups, the date with its slash. Anything
// but digits and separators is left as typed, for the server to explain.
const DIGITS_AND_SPACES = /^[\d\s\u00a0\u202f-]*$/;
const DIGITS_AND_SLASH = /^[\d\s/.-]*$/;
const digitsOf = (text) => text.replace(/\D/g, "");

// American Express prints 4-6-5, the others four by four.
const grouped = (digits) => {
  const cuts = /^3[47]/.test(digits) ? [4, 10] : [4, 8, 12, 16];
  return [0, ...cuts]
    .map((start, place) => digits.slice(start, cuts[place]))
    .filter(Boolean)
    .join(" ");
};

const layOut = (field, text, digitsBefore) => {
  if (field.value === text) return;
  field.value = text;
  // The caret stays behind the digit it was behind.
  let place = 0;
  for (let seen = 0; seen < digitsBefore; place += 1) if (/\d/.test(text[place])) seen += 1;
  if (document.activeElement === field) field.setSelectionRange(place, place);
};

const numbered = (field) => {
  if (!DIGITS_AND_SPACES.test(field.value)) return;
  const before = digitsOf(field.value.slice(0, field.selectionStart ?? field.value.length)).length;
  layOut(field, grouped(digitsOf(field.value)), before);
};

const dated = (field, isErasing) => {
  // In the middle of a date nothing moves: somebody corrects a digit.
  if (!DIGITS_AND_SLASH.test(field.value) || field.selectionStart < field.value.length) return;
  const [month, ...rest] = field.value.split(/[\s/.-]+/);
  const typed = digitsOf(field.value);
  const digits = /^[2-9]$/.test(month) || (/^\d$/.test(month) && rest.length) ? `0${typed}` : typed;
  if (isErasing && digits.length <= 2) {
    // Erasing the slash erases what it was written for: the last digit before it can be reached.
    field.value = digits.slice(0, 2);
    return;
  }
  field.value = digits.length < 2 ? digits : `${digits.slice(0, 2)} / ${digits.slice(2, 6)}`;
};

document.addEventListener("input", (event) => {
  const field = event.target;
  if (event.isComposing) return;
  if (field.autocomplete === "cc-number") numbered(field);
  if (field.autocomplete === "cc-exp") dated(field, event.inputType?.startsWith("delete") ?? false);
});
