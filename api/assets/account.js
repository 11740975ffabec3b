// Sends the form of a page for one's account, with the token in the address's fragment if it takes one.
const form = document.querySelector("form");
const message = document.querySelector("[role=status]");
// The way to the front-end, where there is one.
const next = document.querySelector("[data-next]");
// The link goes along to the page in the other language.
document.querySelector(".language").hash = location.hash;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = Object.fromEntries(new FormData(form));
  if ("token" in form.dataset) body.token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  try {
    const response = await fetch(form.dataset.action, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
      body: JSON.stringify(body),
    });
    if (response.ok) {
      form.hidden = true;
      message.textContent = form.dataset.done;
      if (next) next.hidden = false;
    } else {
      const problem = await response.json();
      message.textContent = problem.errors?.map((fault) => fault.detail).join(" ") || problem.detail;
    }
  } catch {
    message.textContent = form.dataset.lost;
  }
});
