// Rules of html-validate for the site's pages: its recommended ones, and why some are not kept.
export default {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    "doctype-style": ["error", { style: "lowercase" }],
    // boxes of one question share its name, with the hidden one that says that it was asked
    "form-dup-name": "off",
    "long-title": "off", // the page's words stand first, the clinic's name last
    "no-implicit-button-type": "off", // without a script each button sends its form
    "no-trailing-whitespace": "off", // nobody reads it
    "tel-non-breaking": "off", // numbers stand as the clinic types them; the sheet keeps them whole
  },
};
