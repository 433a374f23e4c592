import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testSite } from '#test/site.ts'

const site = await testSite()

test('in the demo’s world an officer opens every page of recruitment, and nobody else does', async () => {
  const officer = await site.staff('Grace')
  const stranger = site.visitor()
  const rounds = await officer.get('/staff/rounds')
  const round = /\/staff\/rounds\/([0-9a-f-]{36})/.exec(rounds.text)?.[1]
  const list = await officer.get('/staff/applications')
  const one = /\/staff\/applications\/([0-9a-f-]{36})/.exec(list.text)?.[1]
  assert.ok(round && one)
  const paths = [
    '/staff/rounds',
    '/staff/rounds/new',
    `/staff/rounds/${round}`,
    `/staff/rounds/${round}/preview`,
    '/staff/rounds/landlords',
    '/staff/applications',
    `/staff/applications/${one}`,
    '/staff/applications/new',
    '/staff/applications/duplicates',
    '/staff/applications/import',
    '/staff/applications/exports',
  ]
  for (const path of paths) {
    assert.equal((await officer.get(path)).status, 200, path)
    const turned = await stranger.get(path)
    assert.equal(turned.status, 303, path)
    assert.match(turned.location, /^\/sign-in/)
  }
})
