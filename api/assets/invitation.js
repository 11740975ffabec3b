// Accepts an invitation: sends the token in the address's fragment and the password chosen.
const form = document.querySelector("form");
const message = document.querySelector("[role=status]");
// The invitation goes along to the page in the other language.
document.querySelector(".language").hash = location.hash;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  try {
    const response = await fetch("/v1/auth/invitations/accept", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
      body: JSON.stringify({ token, password: form.elements.password.value }),
    });
    if (response.ok) {
      form.hidden = true;
      message.textContent = form.dataset.done;
    } else {
      const problem = await response.json();
      message.textContent = problem.errors?.map((fault) => fault.detail).join(" ") || problem.detail;
    }
  } catch {
    message.textContent = form.dataset.lost;
  }
});
