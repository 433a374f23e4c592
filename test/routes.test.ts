import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { agreeToSupport, nameSupporter } from '#src/panel/correspondence/supporter.ts'
import { startSession } from '#src/people/doors/sessions.ts'
import { invite } from '#src/people/staff/accounts.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { routesTable } from '#src/platform/web/server.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { type Role, staffRoles } from '#src/promises/notice/purposes.ts'
import { testSite } from './site.ts'

// The table of who may use what is test/routes.txt: read it, and change it when a route is added. A route that nobody
// listed fails here, and so does one that lets in anyone else than its line says.
const table = readFileSync(join(import.meta.dirname, 'routes.txt'), 'utf8')
const lines = table.split('\n').filter(line => line && !line.startsWith('#'))

const { house, app } = await testSite()
const by = system('test')
const safe = { by, for: 'keep the service safe' } as const
const nobody = '00000000-0000-4000-8000-000000000000'
const staffAlone = [...staffRoles]
type Who = 'signed out' | 'half signed in' | Role
const everyone: Who[] = ['signed out', 'half signed in', 'resident', 'supporter', ...staffAlone]

test('every route is in the table with who may use it, and the table holds no other', () => {
  assert.deepEqual(
    routesTable(app).filter(line => !line.includes(' /assets/')),
    lines,
  )
})

test('each route lets in those whom the table names, and turns everyone else away', async () => {
  const wrong: string[] = []
  const cookies = new Map<Who, Record<string, string>>()
  for (const who of everyone) cookies.set(who, await enter(who))
  for (const line of lines) {
    const [, method, path, words] = /^(\w+) (\S+): (.+)$/.exec(line) ?? []
    if (!path) continue
    const allowed = peopleIn(words ?? '')
    for (const who of everyone) {
      const answer = await ask(
        method === 'POST' ? 'POST' : 'GET',
        path.replace(/:\w+/g, nobody),
        cookies.get(who) ?? {},
      )
      const isIn = letIn(answer)
      if (isIn !== allowed.includes(who)) wrong.push(`${line} ${isIn ? 'lets in' : 'turns away'} ${who}`)
      if (answer.cookies.some(one => one.name === 'session')) cookies.set(who, await enter(who))
    }
  }
  assert.deepEqual(wrong, [])
})

function peopleIn(words: string): Who[] {
  const named = words.split(', ')
  if (named.includes('anyone')) return everyone
  return everyone.filter(
    who =>
      named.includes(who) ||
      (staffAlone.some(role => role === who) && (named.includes('staff') || named.includes('half signed in'))),
  )
}

/** The cookies of someone with this role alone: a session, and the token that forms need. */
async function enter(who: Who): Promise<Record<string, string>> {
  const token = who === 'signed out' ? undefined : await sessionOf(who)
  const cookies: Record<string, string> = token ? { session: token } : {}
  const page = await ask('GET', '/sign-in', cookies)
  for (const { name, value } of page.cookies) cookies[name] = value
  cookies._csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
  return cookies
}

let resident: string | undefined
const desks = new Map<Who, string>()

async function sessionOf(who: Who): Promise<string> {
  return within(house, safe, async tx => {
    if (who === 'resident') {
      resident ??= await house.vault.begin(tx, by, 'panel', '2027-06-30')
      return startSession(tx, house.clock.now(), 'resident', [resident])
    }
    if (who === 'supporter') {
      const supported = await house.vault.begin(tx, by, 'panel', '2027-06-30')
      const supporter = await supporterOf(tx, supported)
      return startSession(tx, house.clock.now(), 'resident', [supported], false, supporter)
    }
    const role = staffAlone.find(one => one === who) ?? 'officer'
    const desk =
      desks.get(who) ??
      (await invite(tx, house, by, { name: who, email: `${nobody}@x.example`, roles: [role], demo: true }))
    desks.set(who, desk)
    return startSession(tx, house.clock.now(), 'staff', [desk], who !== 'half signed in')
  })
}

/** Someone who may act for a resident, agreed. */
async function supporterOf(tx: Tx, dossier: string): Promise<string> {
  const me = { id: dossier, roles: ['resident'], own: [dossier] } as const
  const named = {
    name: 'Noor',
    email: 'noor@x.example',
    scope: 'acts',
    authority: 'say-so',
    endsOn: '2027-06-30',
  } as const
  await nameSupporter(tx, house, me, dossier, named)
  const { id } = await tx
    .selectFrom('supporter')
    .select('id')
    .where('dossier_id', '=', dossier)
    .executeTakeFirstOrThrow()
  await agreeToSupport(tx, house, id)
  return id
}

let visits = 0

function ask(method: 'GET' | 'POST', url: string, { _csrf, ...cookies }: Record<string, string>) {
  visits++
  return app.inject({
    method,
    url,
    cookies,
    remoteAddress: `10.${(visits >> 16) & 255}.${(visits >> 8) & 255}.${visits & 255}`, // limits are not tested here
    ...(method === 'POST'
      ? {
          payload: new URLSearchParams({ _csrf: _csrf ?? '' }).toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }
      : {}),
  })
}

/** A room's own refusal, in a sentence of its own, comes after the doors. */
function letIn(answer: Awaited<ReturnType<typeof ask>>): boolean {
  const isTurnedAway = answer.statusCode === 403 && answer.body.includes('It is for other people')
  return !isTurnedAway && !/^\/sign-in(\/second)?(\?|$)/.test(String(answer.headers.location ?? ''))
}
