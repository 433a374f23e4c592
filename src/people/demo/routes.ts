import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { simpleParser } from 'mailparser'
import { z } from 'zod'
import { readOutbox } from '#src/platform/mail/mailer.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { setCookie } from '../doors/access.ts'
import { startSession } from '../doors/sessions.ts'
import { roleWords } from '../staff/role-words.ts'
import { members } from './office.ts'
import { residents } from './world.ts'

const doors = system('demo')
const safe = { by: doors, for: 'keep the service safe' } as const

/** In the demo alone: become anyone with one press, and read the mail. */
export async function demoRoutes(app: FastifyInstance, house: House): Promise<void> {
  const anyone = { config: { may: 'anyone' } }

  app.get('/demo', anyone, async (_request, reply) =>
    reply.page('people/demo/demo.njk', {
      title: 'Who do you want to be?',
      people: await cast(house),
      members: await livingOf(house, members),
      applicants: await livingOf(house, residents),
    }),
  )
  app.post('/demo', anyone, async (request, reply) => {
    const { who } = z.object({ who: z.string().default('') }).parse(request.body ?? {})
    const isStaff = (await cast(house)).some(person => person.id === who)
    if (!isStaff && !(await livingOf(house, [...members, ...residents])).some(person => person.id === who))
      throw notFound()
    const kind = isStaff ? 'staff' : 'resident'
    const token = await within(house, safe, tx => startSession(tx, house.clock.now(), kind, [who], isStaff))
    setCookie(house, reply, token)
    return reply.redirect(isStaff ? '/staff' : '/me', 303)
  })
  app.get('/demo/outbox', anyone, async (_request, reply) => {
    const mails = await Promise.all(
      readOutbox(join(house.config.dataDir, 'outbox')).map(async ({ id, raw }) => {
        const mail = await simpleParser(raw)
        const to = Array.isArray(mail.to) ? mail.to[0] : mail.to
        return { id, to: to?.text ?? '', subject: mail.subject ?? '', at: mail.date ?? new Date(0) }
      }),
    )
    mails.sort((a, b) => b.at.getTime() - a.at.getTime())
    return reply.page('people/demo/outbox.njk', { title: 'Mail that was sent', mails: mails.slice(0, 200) })
  })
  app.get('/demo/outbox/:id', anyone, async (request, reply) => {
    const { id } = z.object({ id: z.string() }).parse(request.params)
    const found = readOutbox(join(house.config.dataDir, 'outbox')).find(one => one.id === id)
    if (!found) throw notFound()
    const mail = await simpleParser(found.raw)
    const to = Array.isArray(mail.to) ? mail.to[0] : mail.to
    const lines = (mail.text ?? '')
      .split('\n')
      .map(text => ({ text, href: /^https?:\/\/\S+$/.test(text.trim()) ? text.trim() : undefined }))
    return reply.page('people/demo/mail.njk', { title: mail.subject ?? '', to: to?.text, lines, back: '/demo/outbox' })
  })
}

/** Those of the invented residents whose record still lives. */
async function livingOf(
  house: House,
  invented: readonly { name: string; email?: string }[],
): Promise<{ id: string; name: string }[]> {
  const found: { id: string; name: string }[] = []
  for (const { name, email } of invented) {
    const [id] = email ? await house.vault.findByEmail(email) : []
    if (id) found.push({ id, name })
  }
  return found
}

/** What each kind of staff comes for, for those who choose one in the demo. */
const comesFor: Record<string, string> = {
  officer: 'Runs rounds and their review, draws the panel, offers places, looks after members.',
  reviewer: 'Reads answers one at a time, without names, and says how suitable each is.',
  'adjustments lead': 'Sees what would help people take part, and nothing else about them.',
  analyst: 'Counts who applied and who is on the panel, in groups, and never sees a person.',
  dpo: 'Answers rights requests and complaints, decides on disclosures, keeps the notice and its evidence.',
  administrator: 'Invites staff and closes accounts, and never sees what residents said.',
}

async function cast(house: House): Promise<{ id: string; name: string; roles: string; comesFor: string }[]> {
  return within(house, safe, async tx => {
    const rows = await tx.selectFrom('staff').selectAll().where('demo', '=', true).orderBy('invited_at').execute()
    const ask = { by: doors, for: 'keep the service safe', fields: ['name'] } as const
    const opened = new Map(
      (
        await house.vault.open(
          tx,
          'staff',
          ask,
          rows.map(row => row.dossier_id),
        )
      ).map(one => [one.id, one.name]),
    )
    return rows.map(row => ({
      id: row.dossier_id,
      name: opened.get(row.dossier_id) ?? '',
      roles: row.roles.map(role => roleWords[role]?.toLowerCase() ?? role).join(', '),
      comesFor: row.roles.map(role => comesFor[role] ?? '').find(Boolean) ?? '',
    }))
  })
}
