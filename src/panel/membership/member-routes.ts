import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { supporterOf } from '#src/panel/correspondence/supporter.ts'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { councilByCode } from '../recruitment/councils.ts'
import { channels, wordsOf } from '../recruitment/options.ts'
import { atDesk, fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { addressValue, codesValue } from '../recruitment/values.ts'
import { backDays, comeBack, leave, mayBeSlip, memberOf, pause, sayState } from './members.ts'
import { interests, times } from './own/options.ts'
import { may } from './permissions.ts'
import { openRemoval } from './removal/removal.ts'

const officer = { config: { may: may.lookAfterMembers } }
/** What an officer sees of a member: how to reach them, when and about what they like to meet, who supports them. */
const shownFields = [
  'name',
  'email',
  'phone',
  'address',
  'channel',
  'area',
  'times',
  'interests',
  'supporterName',
  'supporterEmail',
  'supporterPhone',
] as const
type ById = { Params: { id: string } }

/** One member, as officers see them; what officers note for someone who rings or writes. */
export async function memberRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const shown = await atDesk(house, request, async (tx, by) => {
      const member = z.uuid().safeParse(id).success ? await memberOf(tx, id) : undefined
      if (!member) throw notFound()
      const ask = { by, for: 'administer the panel', fields: shownFields } as const
      const [person] = await house.vault.open(tx, 'panel', ask, [id])
      const living = await house.vault.record(id)
      const supporter = await supporterOf(tx, house, id)
      const removal = await openRemoval(tx, id)
      return { member, person, supporter, removal, deleted: living ? sayDate(living.expiresOn) : '' }
    })
    const { member, person, supporter, removal } = shown
    const today = londonDate(house.clock.now())
    const address = addressValue.read(person?.address)
    const listOf = (words: Record<string, string>, codes: string | undefined) =>
      (codesValue.read(codes) ?? []).map(code => wordsOf(words, code)).join('; ') || 'Not said'
    return reply.page('panel/membership/member.njk', {
      title: person?.name ?? 'A member',
      crumbs: [{ text: 'Members', href: '/staff/members' }],
      id,
      person: {
        ...person,
        address: address && [...address.lines, address.postcode].join(', '),
        channel: wordsOf(channels, person?.channel),
        area: councilByCode(person?.area ?? '')?.name,
        times: listOf(times, person?.times),
        interests: listOf(interests, person?.interests),
      },
      term: member.term_number,
      starts: sayDate(member.starts_on),
      ends: sayDate(member.ends_on),
      state: sayState(member, today),
      paused: member.paused_at !== null,
      over: member.ends_on <= today,
      left: member.left_on !== null,
      because: member.left_because,
      slipUntil: mayBeSlip(member, today) && member.left_on && sayDate(addDays(member.left_on, backDays)),
      removal: removal && !member.left_on,
      deleted: shown.deleted,
      days: backDays,
      supporter: supporter && {
        who: [person?.supporterName, person?.supporterEmail, person?.supporterPhone].filter(Boolean).join(', '),
        scope: supporter.scope === 'acts' ? 'May act for them' : 'Is told what they are told',
        authority: supporter.authority,
        until: sayDate(supporter.ends_on),
        agreed: supporter.agreed_at !== null,
      },
      ...more,
    })
  }
  app.get<ById>('/staff/members/:id', officer, (request, reply) => show(request, reply, request.params.id))

  app.post<ById>('/staff/members/:id/leaving', officer, async (request, reply) => {
    const { id } = request.params
    const because = z.enum(['resigned', 'died']).safeParse(fieldsOf(request.body).because)
    if (!because.success) return show(request, reply.code(422), id, refuse({ because: 'Select why the member leaves' }))
    await atDesk(house, request, async (tx, by) => leave(tx, house, by, await known(tx, id), because.data))
    return reply.redirect(`/staff/members/${id}`, 303)
  })

  /** What the member asked for by phone or letter, noted in their name; and leaving that was a slip. */
  const acts: Record<string, (tx: Tx, by: Actor, id: string) => Promise<unknown>> = {
    pause: (tx, by, id) => pause(tx, house, by, id, true),
    'go on': (tx, by, id) => pause(tx, house, by, id, false),
    'come back': (tx, by, id) => comeBack(tx, house, by, id),
  }
  app.post<ById>('/staff/members/:id/standing', officer, async (request, reply) => {
    const { id } = request.params
    const act = acts[textOf(fieldsOf(request.body), 'act')]
    if (!act) throw notFound()
    const done = await atDesk(house, request, async (tx, by) => act(tx, by, await known(tx, id)))
    if (done === false)
      return show(
        request,
        reply.code(422),
        id,
        refuse({ act: 'It is too late to take this back: the place is given, or the time is over' }),
      )
    return reply.redirect(`/staff/members/${id}`, 303)
  })
}

async function known(tx: Tx, id: string): Promise<string> {
  if (!z.uuid().safeParse(id).success || !(await memberOf(tx, id))) throw notFound()
  return id
}
