// Makes or uses a passkey, and sends what it says as an ordinary form.
const form = document.getElementById('passkey')
const kind = window.PublicKeyCredential
if (form?.dataset.options && kind?.parseCreationOptionsFromJSON) {
  const options = JSON.parse(form.dataset.options)
  form.hidden = false
  form.addEventListener('submit', async event => {
    if (form.answer.value) return
    event.preventDefault()
    try {
      const made = options.rp
        ? await navigator.credentials.create({ publicKey: kind.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: kind.parseRequestOptionsFromJSON(options) })
      form.answer.value = JSON.stringify(made.toJSON())
      form.submit()
    } catch {
      // The person closed the browser's own window: nothing was sent, and the button is still there.
    }
  })
}
