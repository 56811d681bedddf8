// What is typed in the card form is laid out as on the card: the number by fours, the date with its slash. Anything
// but digits and separators is left as typed, for the server to explain.
const DIGITS_AND_SPACES = /^[\d\s\u00a0\u202f-]*$/;
const DIGITS_AND_SLASH = /^[\d\s/.-]*$/;
const digitsOf = (text) => text.replace(/\D/g, "");

const layOut = (field, text, digitsBefore) => {
  if (field.value === text) return;
  field.value = text;
  // The caret stays behind the digit it was behind, past the space that was written for the next one.
  let place = 0;
  for (let seen = 0; seen < digitsBefore; place += 1) if (/\d/.test(text[place])) seen += 1;
  if (digitsBefore && /^\D+$/.test(text.slice(place))) place = text.length;
  if (document.activeElement === field) field.setSelectionRange(place, place);
};

const numbered = (field) => {
  if (!DIGITS_AND_SPACES.test(field.value)) return;
  const before = digitsOf(field.value.slice(0, field.selectionStart ?? field.value.length)).length;
  layOut(field, digitsOf(field.value).replace(/(\d{4})(?=\d)/g, "$1 "), before);
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
