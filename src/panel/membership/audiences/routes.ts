import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { lastWritten } from '#src/panel/correspondence/recent.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { line, read, refuse } from '#src/platform/web/form.ts'
import { pageOf, pagination } from '#src/platform/web/paging.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { atDesk, fieldsOf, staffOf, textOf } from '../../recruitment/rounds/desk.ts'
import { NotPossible } from '../not-possible.ts'
import { may } from '../permissions.ts'
import {
  audienceById,
  audienceFile,
  audiences,
  endAudience,
  type FilePurpose,
  filePurposes,
  findAudience,
  saveAudience,
} from './audiences.ts'
import { boxesOf, type Filter, filterForm, queryOf, sayFilter } from './filter.ts'

const officer = { config: { may: may.lookAfterMembers } }
const view = (name: string) => `panel/membership/audiences/${name}.njk`
const base = '/staff/members/audiences'
const crumbs = [{ text: 'Members', href: '/staff/members' }]
const below = [...crumbs, { text: 'Audiences', href: base }]
const everyone: Filter = { regions: [], channels: [], terms: [], interests: [] }
const name = line('Enter a name for the audience', 'The name', 100)
/** Days that count as recent. */
const recentDays = 30
type ById = { Params: { id: string } }

/** Audiences: saved filters of the members, which show who and how many before they are used. */
export async function audienceRoutes(app: FastifyInstance, house: House): Promise<void> {
  const today = () => londonDate(house.clock.now())

  app.get(base, officer, async (request, reply) => {
    const rows = await atDesk(house, request, async tx => audiences(tx))
    return reply.page(view('audiences'), {
      title: 'Audiences',
      crumbs,
      rows: rows.map(one => ({ id: one.id, name: one.name, says: sayFilter(one) })),
      boxes: boxesOf(everyone),
    })
  })

  /** Who fits, a page of them by name, with how many were written to lately. */
  const who = async (tx: Tx, by: Actor, filter: Filter, query: unknown, href: (page: number) => string) => {
    const { ids, paused } = await findAudience(tx, house, by, filter, today())
    const written = await lastWritten(tx, ids, new Date(house.clock.now().getTime() - recentDays * 86_400_000))
    const at = pageOf(query, 50)
    const here = ids.slice(at.from, at.from + at.size)
    const ask = { by, for: 'administer the panel', fields: ['name'] } as const
    const names = new Map((await house.vault.open(tx, 'panel', ask, here)).map(one => [one.id, one.name]))
    return {
      count: ids.length,
      paused,
      written: written.size,
      days: recentDays,
      people: here.map(id => {
        const last = written.get(id)
        return { id, name: names.get(id) ?? 'No name', last: last && sayDate(last) }
      }),
      pages: pagination(at, ids.length, href),
      says: sayFilter(filter),
    }
  }

  const preview = async (request: FastifyRequest, reply: FastifyReply, filter: Filter, more: object = {}) => {
    const query = queryOf(filter)
    const shown = await atDesk(house, request, (tx, by) =>
      who(tx, by, filter, request.query, page => `${base}/new?${query}&page=${page}`),
    )
    return reply.page(view('new'), {
      title: 'Who fits',
      crumbs: below,
      wide: true,
      boxes: boxesOf(filter),
      chosen: boxesOf(filter).flatMap(({ key, items }) =>
        items.filter(one => one.checked).map(one => ({ key, value: one.value })),
      ),
      values: {},
      ...shown,
      ...more,
    })
  }
  app.get(`${base}/new`, officer, async (request, reply) => {
    const filter = read(filterForm, request.query)
    return filter.ok
      ? preview(request, reply, filter.answer)
      : reply.code(422).page(view('audiences'), {
          title: 'Audiences',
          crumbs,
          rows: [],
          boxes: boxesOf(everyone),
          ...filter,
        })
  })
  app.post(base, officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const filter = read(filterForm, fields)
    if (!filter.ok)
      return reply
        .code(422)
        .page(view('audiences'), { title: 'Audiences', crumbs, rows: [], boxes: boxesOf(everyone), ...filter })
    const sent = read(z.object({ name }), fields)
    if (!sent.ok) return preview(request, reply.code(422), filter.answer, { values: fields, ...sent })
    try {
      const id = await atDesk(house, request, (tx, by) => saveAudience(tx, house, by, sent.answer.name, filter.answer))
      return reply.redirect(`${base}/${id}`, 303)
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error
      return preview(request, reply.code(422), filter.answer, { values: fields, ...refuse({ name: error.message }) })
    }
  })

  const show = async (request: FastifyRequest<ById>, reply: FastifyReply, more: object = {}) => {
    const { id } = request.params
    const shown = await atDesk(house, request, async (tx, by) => {
      const audience = z.uuid().safeParse(id).success ? await audienceById(tx, id) : undefined
      if (!audience) throw notFound()
      return {
        name: audience.name,
        ...(await who(tx, by, audience, request.query, page => `${base}/${id}?page=${page}`)),
      }
    })
    return reply.page(view('audience'), {
      title: shown.name,
      crumbs: below,
      wide: true,
      id,
      purposes: Object.entries(filePurposes).map(([value, text]) => ({ value, text })),
      ...shown,
      ...more,
    })
  }
  app.get<ById>(`${base}/:id`, officer, (request, reply) => show(request, reply))
  app.post<ById>(`${base}/:id/file`, officer, async (request, reply) => {
    const { id } = request.params
    const by = staffOf(request)
    const fields = fieldsOf(request.body)
    const purpose = Object.keys(filePurposes).find(one => one === textOf(fields, 'purpose'))
    if (!purpose) return show(request, reply.code(422), refuse({ purpose: 'Select what the list is for' }))
    try {
      const file = await within(house, { by, for: 'administer the panel' }, async tx => {
        const audience = z.uuid().safeParse(id).success ? await audienceById(tx, id) : undefined
        if (!audience) throw notFound()
        const seen = Number(textOf(fields, 'seen') || Number.NaN)
        // The checked edge: one of the keys of the list.
        return audienceFile(tx, house, by, audience, purpose as FilePurpose, { seen, today: today() })
      })
      return reply
        .header('content-disposition', 'attachment; filename="audience.csv"')
        .type('text/csv; charset=utf-8')
        .send(file)
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error
      return show(request, reply.code(422), refuse({ purpose: error.message }))
    }
  })
  app.post<ById>(`${base}/:id/ending`, officer, async (request, reply) => {
    const { id } = request.params
    if (!z.uuid().safeParse(id).success) throw notFound()
    await atDesk(house, request, (tx, by) => endAudience(tx, house, by, id))
    return reply.redirect(base, 303)
  })
}
