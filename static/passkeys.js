// Passkeys: forms with data-passkey="create" or "get" send what the browser's own dialogue returns.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const text = (buffer) =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

async function create({ publicKey }, passwordless) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: named(publicKey.excludeCredentials),
      authenticatorSelection: {
        ...publicKey.authenticatorSelection,
        residentKey: passwordless ? "required" : "discouraged",
        requireResidentKey: passwordless,
        ...(passwordless && { userVerification: "required" }),
      },
    },
  });
  return {
    attestationObject: text(made.response.attestationObject),
    clientDataJSON: text(made.response.clientDataJSON),
    transports: made.response.getTransports?.() ?? [],
    credential: made,
  };
}

async function get({ publicKey }) {
  const found = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: named(publicKey.allowCredentials),
    },
  });
  return {
    authenticatorData: text(found.response.authenticatorData),
    clientDataJSON: text(found.response.clientDataJSON),
    signature: text(found.response.signature),
    userHandle: text(found.response.userHandle),
    credential: found,
  };
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The options came back with ${answer.status}`);
  return answer.json();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { request_options: request, creation_options: creation } = await optionsOf(form).catch(() => ({}));
    const field = form.elements.credential;
    try {
      const { credential, ...response } =
        form.dataset.passkey === "create"
          ? await create(creation, form.elements.passwordless?.checked ?? true)
          : await get(request);
      field.value = JSON.stringify({
        type: credential.type,
        id: credential.id,
        rawId: text(credential.rawId),
        authenticatorAttachment: credential.authenticatorAttachment,
        clientExtensionResults: credential.getClientExtensionResults(),
        response,
      });
    } catch (problem) {
      console.warn(problem);
      let said = form.querySelector("[role=alert]");
      if (!said) {
        said = document.createElement("p");
        said.className = "error";
        said.setAttribute("role", "alert");
        form.querySelector(".actions").before(said);
      }
      said.textContent = form.dataset.failed;
      return;
    }
    form.submit();
  });
}
