"use strict";
// A pairing link carries its code behind the #, which no browser sends to a server. Put it into the form.
const code = /^#pair=([0-9A-Za-z-]{4,64})$/.exec(location.hash);
if (code) {
  const field = document.getElementById("code");
  if (field) {
    field.value = code[1];
    document.getElementById("label").focus();
  }
  history.replaceState(null, "", location.pathname);
}
// Every other link is for the app; one that was made before the app was built leads here.
if (/^#(join|reset|confirm|sign-up|sign-in-failed)/.test(location.hash) && document.querySelector(".open-app")) {
  location.replace("/app/" + location.hash);
}
