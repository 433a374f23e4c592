// Makes pages nicer where there is JavaScript; every page works without it.
import { initAll } from '/assets/govuk/govuk-frontend.min.js'

initAll()

const warning = document.getElementById('session-warning')
if (warning) {
  let timer
  const wait = seconds => {
    clearTimeout(timer)
    timer = setTimeout(() => { warning.hidden = false }, Math.max(0, seconds - 120) * 1000)
  }
  document.getElementById('session-stay').addEventListener('click', async () => {
    const answer = await fetch('/staff/stay', { redirect: 'manual' })
    if (!answer.ok) return // it has ended: what is sent now is kept, and given back after signing in
    warning.hidden = true
    wait((await answer.json()).seconds)
  })
  wait(Number(warning.dataset.seconds))
}

// A long list becomes a box to type in. The plain list stays for everyone else.
const list = document.querySelector('select[data-find]')
if (list) {
  const script = document.createElement('script')
  script.src = '/assets/accessible-autocomplete.min.js'
  script.onload = () => window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: list, defaultValue: list.selectedOptions[0]?.value ? list.selectedOptions[0].text : '',
    preserveNullOptions: true, confirmOnBlur: true, cssNamespace: 'autocomplete',
  })
  document.head.append(script)
  const style = document.createElement('link')
  style.rel = 'stylesheet'
  style.href = '/assets/accessible-autocomplete.min.css'
  document.head.append(style)
}

// Quotas say what they would do as soon as one is changed. Saving says it to everyone else.
const live = document.getElementById('live')
if (live) {
  const form = live.closest('form')
  let turn = 0
  form.addEventListener('change', async () => {
    const mine = ++turn
    const body = new URLSearchParams(new FormData(form))
    const answer = await fetch(live.dataset.ask, { method: 'POST', body, redirect: 'manual' }).catch(() => undefined)
    if (mine !== turn) return
    live.textContent = answer?.ok ? `${(await answer.json()).says} Not saved yet.` : ''
    live.hidden = live.textContent === ''
  })
}
