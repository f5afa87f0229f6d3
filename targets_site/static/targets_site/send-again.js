/* A form that is sent again takes the token of now: somebody may have signed in since the page came. */
(() => {
  const form = document.querySelector("form[data-send-again]");
  if (!form) return;

  function cookie(name) {
    const pairs = document.cookie.split("; ").map((pair) => pair.split("="));
    return pairs.find(([key]) => key === name)?.[1];
  }

  form.addEventListener("submit", () => {
    const token = cookie(form.dataset.sendAgain);
    if (token) form.elements.csrfmiddlewaretoken.value = token;
  });
})();
