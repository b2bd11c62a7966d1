// The page works without this: it only shows a button that a browser without scripts could not follow.
const button = document.getElementById("print");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
