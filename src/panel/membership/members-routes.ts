import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { supporterOf } from '#src/panel/correspondence/supporter.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import { pageOf, pagination } from '#src/platform/web/paging.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { councilByCode, regionOf } from '../recruitment/councils.ts'
import { channels, wordsOf } from '../recruitment/options.ts'
import { rounds, stateOf } from '../recruitment/round.ts'
import { atDesk, fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { findMembers, type Kind, kinds } from './listing.ts'
import { leave, type Member, memberOf } from './members.ts'
import { may } from './permissions.ts'

const officer = { config: { may: may.lookAfterMembers } }
const crumbs = [{ text: 'Members', href: '/staff/members' }]
const view = (name: string) => `panel/membership/${name}.njk`
/** What an officer sees of a member: how to reach them, and who supports them. */
const shownFields = [
  'name',
  'email',
  'phone',
  'channel',
  'area',
  'supporterName',
  'supporterEmail',
  'supporterPhone',
] as const
type ById = { Params: { id: string } }

/** Offers, and the members in office, as officers see them. */
export async function memberRoutes(app: FastifyInstance, house: House): Promise<void> {
  const today = () => londonDate(house.clock.now())

  app.get('/staff/members', officer, async (request, reply) => {
    const fields = fieldsOf(request.query)
    const text = clean(textOf(fields, 'name')).slice(0, 200)
    const kind = (Object.keys(kinds) as Kind[]).find(one => one === fields.show) ?? 'in-office'
    const at = pageOf(request.query, 50)
    const shown = await atDesk(house, request, async (tx, by) => {
      const found = await findMembers(tx, house, by, { kind, text, today: today() })
      const here = found.slice(at.from, at.from + at.size)
      const closed = (await rounds(tx)).filter(round => stateOf(round, house.clock.now()) === 'closed')
      return { total: found.length, rows: await rowsOf(tx, house, by, here, today()), closed }
    })
    return reply.page(view('members'), {
      title: 'Members',
      wide: true,
      ...shown,
      text,
      says: kinds[kind].toLowerCase(),
      isAll: kind === 'in-office' && !text,
      kinds: Object.entries(kinds).map(([value, says]) => ({ value, text: says, selected: value === kind })),
      pages: pagination(
        at,
        shown.total,
        page => `/staff/members?${new URLSearchParams({ show: kind, name: text, page: String(page) })}`,
      ),
    })
  })

  const showMember = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const shown = await atDesk(house, request, async (tx, by) => {
      const member = z.uuid().safeParse(id).success ? await memberOf(tx, id) : undefined
      if (!member) throw notFound()
      const ask = { by, for: 'administer the panel', fields: shownFields } as const
      const [person] = await house.vault.open(tx, 'panel', ask, [id])
      const living = await house.vault.record(id)
      const supporter = await supporterOf(tx, house, id)
      return { member, person, supporter, deleted: living ? sayDate(living.expiresOn) : '' }
    })
    const { member, person, supporter } = shown
    return reply.page(view('member'), {
      title: person?.name ?? 'A member',
      crumbs,
      id,
      person: { ...person, channel: wordsOf(channels, person?.channel), area: councilByCode(person?.area ?? '')?.name },
      term: member.term_number,
      starts: sayDate(member.starts_on),
      ends: sayDate(member.ends_on),
      paused: member.paused_at !== null,
      left: member.left_on && sayDate(member.left_on),
      because: member.left_because,
      deleted: shown.deleted,
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
  app.get<ById>('/staff/members/:id', officer, (request, reply) => showMember(request, reply, request.params.id))
  app.post<ById>('/staff/members/:id/leaving', officer, async (request, reply) => {
    const { id } = request.params
    const because = z.enum(['resigned', 'died', 'term ended']).safeParse(fieldsOf(request.body).because)
    if (!because.success)
      return showMember(request, reply.code(422), id, refuse({ because: 'Select why the member leaves' }))
    const done = await atDesk(house, request, async (tx, by) =>
      z.uuid().safeParse(id).success ? leave(tx, house, by, id, because.data) : false,
    )
    if (!done) throw notFound()
    return reply.redirect(`/staff/members/${id}`, 303)
  })
}

async function rowsOf(tx: Tx, house: House, by: Actor, list: readonly Member[], today: string) {
  const ask = { by, for: 'administer the panel', fields: ['name', 'area', 'channel'] } as const
  const people = new Map(
    (
      await house.vault.open(
        tx,
        'panel',
        ask,
        list.map(one => one.dossier_id),
      )
    ).map(one => [one.id, one]),
  )
  return list.map(one => {
    const person = people.get(one.dossier_id)
    return {
      id: one.dossier_id,
      name: person?.name ?? 'No longer held',
      region: regionOf(person?.area ?? '') ?? '',
      channel: wordsOf(channels, person?.channel),
      term: one.term_number,
      starts: sayDate(one.starts_on),
      ends: sayDate(one.ends_on),
      state: one.left_on
        ? `Left on ${sayDate(one.left_on)}`
        : one.ends_on <= today
          ? 'Term over'
          : one.paused_at
            ? 'Paused'
            : 'In office',
    }
  })
}
