import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { notFound } from '#src/platform/web/errors.ts'
import { email, line, read, refuse, ticks } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { system } from '#src/promises/notice/actor.ts'
import { staffRoles } from '#src/promises/notice/purposes.ts'
import { setCookie } from '../doors/access.ts'
import { isMark } from '../doors/codes.ts'
import { startSession } from '../doors/sessions.ts'
import { changeRoles, hasAccount, invite, inviteAgain, resetSecondFactor } from './accounts.ts'
import { closureRoutes } from './closure-routes.ts'
import { handBack } from './handover.ts'
import { may } from './permissions.ts'
import { roleWords } from './role-words.ts'
import { secondFactorRoutes } from './second-factor.ts'

const doors = system('doors')
const safe = { by: doors, for: 'keep the service safe' } as const
type StaffRole = Exclude<(typeof staffRoles)[number], 'resident' | 'system'>
const roleCodes = [...staffRoles] as unknown as readonly [StaffRole, ...StaffRole[]]
const inviteForm = z.object({
  name: line('Enter their full name', 'Full name'),
  email,
  roles: ticks(roleCodes).refine(list => list.length > 0, 'Select at least one role'),
})
const WEEK = 7 * 24 * 60 * 60_000

/** Staff accounts: invitations, roles, closing. An administrator sees staff and no resident. */
export async function staffRoutes(app: FastifyInstance, house: House): Promise<void> {
  const administrator = { config: { may: may.keepAccounts } }
  await secondFactorRoutes(app, house)
  await closureRoutes(app, house)

  app.get('/staff/settings', { config: { may: may.seeSettings } }, async (request, reply) =>
    reply.page('people/staff/settings.njk', {
      title: 'Settings',
      isOfficer: request.actor?.roles.includes('officer'),
      isAdministrator: request.actor?.roles.includes('administrator'),
      namesLead: request.actor?.roles.some(role => role === 'officer' || role === 'administrator'),
    }),
  )

  app.get('/staff/settings/people', administrator, async (request, reply) =>
    reply.page('people/staff/people.njk', {
      title: 'Staff',
      values: {},
      ...(await peoplePage(house, known(request.actor))),
    }),
  )
  app.post('/staff/settings/people', administrator, async (request, reply) => {
    const by = known(request.actor)
    const form = read(inviteForm, request.body)
    if (!form.ok)
      return reply.code(422).page('people/staff/people.njk', {
        title: 'Staff',
        values: request.body,
        ...(await peoplePage(house, by)),
        ...form,
      })
    const invited = await within(house, { by, for: 'keep the service safe' }, async tx => {
      if (await hasAccount(tx, house, form.answer.email)) return undefined
      return invite(tx, house, by, form.answer)
    })
    if (!invited)
      return reply.code(422).page('people/staff/people.njk', {
        title: 'Staff',
        values: request.body,
        ...(await peoplePage(house, by)),
        ...refuse({ email: 'There is an account with this email address' }),
      })
    return reply.redirect('/staff/settings/people', 303)
  })

  app.get('/staff/settings/people/:id', administrator, async (request, reply) => {
    const { id } = z.object({ id: z.string() }).parse(request.params)
    return reply.page('people/staff/person.njk', await personPage(house, known(request.actor), id))
  })
  app.post('/staff/settings/people/:id/roles', administrator, async (request, reply) => {
    const by = known(request.actor)
    const { id } = z.object({ id: z.string() }).parse(request.params)
    const shown = await personPage(house, by, id)
    const form = read(
      z.object({ roles: ticks(roleCodes).refine(list => list.length > 0, 'Select at least one role') }),
      request.body,
    )
    if (!form.ok) return reply.code(422).page('people/staff/person.njk', { ...shown, ...form })
    const fault = await within(house, { by, for: 'keep the service safe' }, async tx => {
      const wrong = await changeRoles(tx, house, by, id, form.answer.roles)
      if (!wrong) await handBack(tx, house, by, id, form.answer.roles)
      return wrong
    })
    if (fault) return reply.code(422).page('people/staff/person.njk', { ...shown, ...refuse({ roles: fault }) })
    return reply.redirect(`/staff/settings/people/${id}`, 303)
  })
  app.post('/staff/settings/people/:id/second-step', administrator, async (request, reply) => {
    const by = known(request.actor)
    const { id } = z.object({ id: z.string() }).parse(request.params)
    await personPage(house, by, id)
    await within(house, { by, for: 'keep the service safe' }, tx => resetSecondFactor(tx, house, by, id))
    return reply.redirect(`/staff/settings/people/${id}`, 303)
  })

  app.post('/staff/settings/people/:id/invitation', administrator, async (request, reply) => {
    const by = known(request.actor)
    const { id } = z.object({ id: z.string() }).parse(request.params)
    await personPage(house, by, id)
    await within(house, { by, for: 'keep the service safe' }, tx => inviteAgain(tx, house, by, id))
    return reply.redirect('/staff/settings/people', 303)
  })

  app.get('/welcome/:mark', { config: { may: 'anyone' } }, async (request, reply) => {
    const { mark } = z.object({ mark: z.string() }).parse(request.params)
    return reply.page('people/staff/welcome.njk', {
      title: 'Welcome',
      mark,
      work: house.config.oidc !== undefined,
    })
  })
  app.post(
    '/welcome/:mark',
    { config: { may: 'anyone', rateLimit: { max: 30, timeWindow: '1 minute' } } },
    async (request, reply) => {
      const { mark } = z.object({ mark: z.string() }).parse(request.params)
      const [id = '', proof = ''] = mark.split('.')
      const now = house.clock.now()
      const isOurs =
        z.uuid().safeParse(id).success && isMark(await house.vault.secret('sign-in'), `welcome/${id}`, proof)
      const token = await within(house, safe, async tx => {
        if (!isOurs) return undefined
        const taken = await tx
          .updateTable('staff')
          .set({ activated_at: now })
          .where('dossier_id', '=', id)
          .where('activated_at', 'is', null)
          .where('disabled_at', 'is', null)
          .where('invited_at', '>', new Date(now.getTime() - WEEK))
          .returning('dossier_id')
          .executeTakeFirst()
        if (house.config.oidc) return taken && 'work account'
        return taken && startSession(tx, now, 'staff', [id])
      })
      if (token === 'work account') return reply.redirect('/sign-in/work', 303)
      if (!token) return reply.code(422).page('people/staff/welcome-over.njk', { title: 'This invitation has run out' })
      setCookie(house, reply, token)
      return reply.redirect('/sign-in/second', 303)
    },
  )
  app.get('/staff/stay', { config: { may: may.work } }, async (request, reply) => {
    const endsAt = request.session?.endsAt ?? house.clock.now()
    return reply.send({ seconds: Math.floor((endsAt.getTime() - house.clock.now().getTime()) / 1000) })
  })
}

async function peoplePage(house: House, by: Actor) {
  const people = await within(house, { by, for: 'keep the service safe' }, async tx => {
    const rows = await tx.selectFrom('staff').selectAll().orderBy('invited_at').execute()
    const ask = { by, for: 'keep the service safe', fields: ['name', 'email'] } as const
    const opened = new Map(
      (
        await house.vault.open(
          tx,
          'staff',
          ask,
          rows.map(row => row.dossier_id),
        )
      ).map(one => [one.id, one]),
    )
    return rows.map(row => ({
      id: row.dossier_id,
      name: opened.get(row.dossier_id)?.name ?? '',
      email: opened.get(row.dossier_id)?.email ?? '',
      roles: row.roles.map(role => roleWords[role] ?? role).join(', '),
      state: row.disabled_at ? 'Closed' : row.activated_at ? 'Active' : 'Invited',
    }))
  })
  return { people, wide: true, roleItems: Object.entries(roleWords).map(([value, text]) => ({ value, text })) }
}

async function personPage(house: House, by: Actor, id: string) {
  if (!z.uuid().safeParse(id).success) throw notFound()
  return within(house, { by, for: 'keep the service safe' }, async tx => {
    const row = await tx.selectFrom('staff').selectAll().where('dossier_id', '=', id).executeTakeFirst()
    if (!row) throw notFound()
    const [opened] = await house.vault.open(
      tx,
      'staff',
      { by, for: 'keep the service safe', fields: ['name', 'email'] },
      [id],
    )
    return {
      title: opened?.name ?? 'Staff member',
      id,
      email: opened?.email,
      closed: row.disabled_at !== null,
      isWaiting: row.activated_at === null,
      hasSecondStep: row.second_factor,
      back: '/staff/settings/people',
      roleItems: Object.entries(roleWords).map(([value, text]) => ({
        value,
        text,
        checked: row.roles.includes(value),
      })),
    }
  })
}

function known(actor: Actor | undefined): Actor {
  if (!actor) throw notFound()
  return actor
}
