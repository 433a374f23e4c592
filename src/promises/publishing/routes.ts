import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, day, read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '../house.ts'
import { type Actor, system } from '../notice/actor.ts'
import { clauses } from '../notice/clauses.ts'
import { everyField } from '../notice/datamap.ts'
import { gateOn } from '../vault/gate.ts'
import { may } from './permissions.ts'
import { approvePolicy, differs, latestPolicy } from './policy.ts'
import { policyText, whatStops } from './policy-text.ts'
import {
  activate,
  approve,
  clauseFaults,
  comingVersion,
  draftInHand,
  fieldsRead,
  type NoticeVersion,
  noticeInForce,
  noticeText,
  saveDraft,
  versions,
} from './version.ts'

const web = { by: system('web'), for: 'administer the panel' } as const
const dated = z.object({ effectiveOn: day('Enter a date, like 27 March 2027') })
const policy = z.object({
  reviewBy: day('Enter a date, like 27 March 2027'),
  condition: z.enum(['none', 'sch1-para6', 'explicit-consent'], 'Select a condition'),
  lapse: z.enum(['none', 'equality-act-s20'], 'Select what happens on a lapse'),
})

/** The public notice, its old versions, and the DPO's desk for drafting, approving and dating it. */
export async function noticeRoutes(app: FastifyInstance, house: House): Promise<void> {
  const anyone = { config: { may: 'anyone' } }
  const dpo = { config: { may: may.publish } }

  app.get('/notice', anyone, async (_request, reply) => {
    const { now, all } = await within(house, web, async tx => ({
      now: await noticeInForce(tx),
      all: await versions(tx),
    }))
    if (!now) return reply.page('promises/publishing/none.njk', { title: 'Privacy notice' })
    return reply.page('promises/publishing/notice.njk', shown(now, all, true))
  })
  app.get('/notice/:version', anyone, async (request, reply) => {
    const { version } = z.object({ version: z.coerce.number().int().catch(0) }).parse(request.params)
    const all = await within(house, web, tx => versions(tx))
    const one = all.find(other => other.version === version && other.approvedAt)
    if (!one) throw notFound()
    return reply.page(
      'promises/publishing/notice.njk',
      shown(one, all, all.find(other => other.activatedAt)?.version === version),
    )
  })

  app.get('/notice/:version/text', anyone, async (request, reply) => {
    const { version } = z.object({ version: z.coerce.number().int().catch(0) }).parse(request.params)
    const one = (await within(house, web, tx => versions(tx))).find(other => other.version === version)
    if (!one?.approvedAt) throw notFound()
    return reply.type('text/plain; charset=utf-8').send(noticeText(one.sections))
  })

  app.get('/staff/protection', dpo, async (_request, reply) =>
    reply.page('promises/publishing/protection.njk', { title: 'Data protection' }),
  )

  app.get('/staff/protection/notice', dpo, async (request, reply) => {
    const by = known(request.actor)
    const page = await within(house, { by, for: 'administer the panel' }, async tx => ({
      all: await versions(tx),
      coming: await comingVersion(tx),
    }))
    return reply.page('promises/publishing/desk.njk', {
      title: 'Privacy notice',
      versions: page.all.map(one => ({ ...one, says: saysState(one), faults: clauseFaults(one.sections).length })),
      hasDraft: page.all.some(one => !one.approvedAt),
      today: sayDate(londonDate(house.clock.now())),
      values: {},
    })
  })
  app.post('/staff/protection/notice', dpo, async (request, reply) => {
    const by = known(request.actor)
    await within(house, { by, for: 'administer the panel' }, tx => draftInHand(tx, house, by))
    return reply.redirect('/staff/protection/notice/draft/0', 303)
  })
  app.get('/staff/protection/notice/draft/:section', dpo, async (request, reply) => {
    const by = known(request.actor)
    const at = sectionOf(request.params)
    const draft = await within(house, { by, for: 'administer the panel' }, tx => draftInHand(tx, house, by))
    const section = draft.sections[at]
    if (!section) return reply.redirect('/staff/protection/notice', 303)
    return reply.page('promises/publishing/section.njk', {
      title: section.heading,
      section,
      at,
      of: draft.sections.length,
      back: '/staff/protection/notice',
    })
  })
  app.post('/staff/protection/notice/draft/:section', dpo, async (request, reply) => {
    const by = known(request.actor)
    const at = sectionOf(request.params)
    const body = z.record(z.string(), z.unknown()).parse(request.body)
    const words = (name: string) => clean(typeof body[name] === 'string' ? body[name] : '').replace(/\s+/g, ' ')
    await within(house, { by, for: 'administer the panel' }, async tx => {
      const draft = await draftInHand(tx, house, by)
      const sections = draft.sections.map((section, index) =>
        index === at
          ? {
              heading: words('heading') || section.heading,
              clauses: section.clauses.map(clause => ({ ...clause, text: words(clause.id) || clause.text })),
            }
          : section,
      )
      await saveDraft(tx, house, by, draft.version, sections)
    })
    return reply.redirect(`/staff/protection/notice/draft/${at + 1}`, 303)
  })
  app.get('/staff/protection/notice/load', dpo, async (_request, reply) =>
    reply.page('promises/publishing/load.njk', {
      title: 'Load an approved text',
      values: {},
      back: '/staff/protection/notice',
    }),
  )
  app.post('/staff/protection/notice/load', dpo, async (request, reply) => {
    const by = known(request.actor)
    const sent = read(
      z.object({
        text: z
          .string()
          .transform(clean)
          .refine(text => text.length > 0, 'Paste the approved text'),
      }),
      request.body,
    )
    const again = (refusal: object) =>
      reply.code(422).page('promises/publishing/load.njk', {
        title: 'Load an approved text',
        values: request.body,
        back: '/staff/protection/notice',
        ...refusal,
      })
    if (!sent.ok) return again(sent)
    const sections = mapped(sent.answer.text)
    const faults = clauseFaults(sections)
    if (faults.length)
      return again(
        refuse({ text: `${faults[0]} Begin each sentence with its clause, like N-01:, and each heading with #` }),
      )
    await within(house, { by, for: 'administer the panel' }, async tx => {
      const draft = await draftInHand(tx, house, by)
      await saveDraft(tx, house, by, draft.version, sections)
    })
    return reply.redirect('/staff/protection/notice', 303)
  })
  app.post('/staff/protection/notice/approval', dpo, async (request, reply) => {
    const by = known(request.actor)
    const sent = read(dated, request.body)
    const fault = sent.ok
      ? await within(house, { by, for: 'administer the panel' }, async tx => {
          const wrong = await approve(tx, house, by, await draftInHand(tx, house, by), sent.answer.effectiveOn)
          if (!wrong) await activate(tx, house, by)
          return wrong
        })
      : sent.errors[0]?.text
    if (!fault) return reply.redirect('/staff/protection/notice', 303)
    const all = await within(house, { by, for: 'administer the panel' }, tx => versions(tx))
    return reply.code(422).page('promises/publishing/desk.njk', {
      title: 'Privacy notice',
      versions: all.map(one => ({ ...one, says: saysState(one), faults: clauseFaults(one.sections).length })),
      hasDraft: true,
      today: sayDate(londonDate(house.clock.now())),
      values: request.body,
      ...refuse({ effectiveOn: fault }),
    })
  })

  app.get('/staff/protection/unread', dpo, async (request, reply) => {
    const by = known(request.actor)
    const year = new Date(house.clock.now().getTime() - 365 * 86_400_000)
    const readFields = await within(house, { by, for: 'administer the panel' }, tx => fieldsRead(tx, year))
    const unread = everyField().filter(({ kind, field }) => !readFields.has(`${kind}.${field}`))
    return reply.page('promises/publishing/unread.njk', {
      title: 'What nobody has read for a year',
      unread,
      back: '/staff/protection',
    })
  })

  app.get('/staff/protection/policy', dpo, async (request, reply) =>
    reply.page('promises/publishing/policy.njk', await policyPage(house, known(request.actor), {})),
  )
  app.post('/staff/protection/policy', dpo, async (request, reply) => {
    const by = known(request.actor)
    const sent = read(policy, request.body)
    const today = londonDate(house.clock.now())
    if (!sent.ok)
      return reply
        .code(422)
        .page('promises/publishing/policy.njk', { ...(await policyPage(house, by, request.body)), ...sent })
    if (sent.answer.reviewBy <= today)
      return reply.code(422).page('promises/publishing/policy.njk', {
        ...(await policyPage(house, by, request.body)),
        ...refuse({ reviewBy: 'The review date must be in the future' }),
      })
    const { reviewBy, condition, lapse } = sent.answer
    const choices = {
      review_by: reviewBy,
      adjustments_condition: condition === 'none' ? null : condition,
      lapse_ground: lapse === 'none' ? null : lapse,
    }
    await within(house, { by, for: 'administer the panel' }, tx => approvePolicy(tx, house, by, choices))
    return reply.redirect('/staff/protection/policy', 303)
  })
}

async function policyPage(house: House, by: Actor, values: unknown) {
  const today = londonDate(house.clock.now())
  const { gate, latest } = await within(house, { by, for: 'administer the panel' }, async tx => ({
    gate: await gateOn(tx, today),
    latest: await latestPolicy(tx),
  }))
  const choices = latest ?? { review_by: addMonths(today, 12), adjustments_condition: null, lapse_ground: null }
  return {
    title: 'Policy document',
    gate,
    until: gate.until && sayDate(gate.until),
    stops: whatStops(choices),
    parts: policyText(choices),
    isChanged: latest !== undefined && gate.until !== undefined && differs(latest),
    values,
    back: '/staff/protection',
  }
}

/** Reads a text whose headings begin with `#` and whose sentences begin with their clause. */
function mapped(text: string): NoticeVersion['sections'] {
  const sections: NoticeVersion['sections'] = []
  for (const line of text
    .split('\n')
    .map(one => one.trim())
    .filter(Boolean)) {
    const clause = /^(N-\d{2,})[:.]?\s+(.+)$/.exec(line)
    if (clause) {
      const id = clauses.find(one => one.id === clause[1])?.id ?? 'N-00'
      const section = sections.at(-1) ?? { heading: 'Privacy notice', clauses: [] }
      if (!sections.length) sections.push(section)
      section.clauses.push({ id, text: clause[2] ?? '' })
    } else sections.push({ heading: line.replace(/^#+\s*/, ''), clauses: [] })
  }
  return sections
}

function saysState(one: NoticeVersion): string {
  if (one.activatedAt) return `In force from ${sayDate(one.activatedAt)}`
  if (one.approvedAt) return `Approved, takes effect on ${one.effectiveOn && sayDate(one.effectiveOn)}`
  return 'Draft'
}

function shown(one: NoticeVersion, all: readonly NoticeVersion[], inForce: boolean) {
  return {
    title: 'Privacy notice',
    notice: undefined,
    version: one.version,
    sections: one.sections,
    inForce,
    from: one.activatedAt ? sayDate(one.activatedAt) : one.effectiveOn && sayDate(one.effectiveOn),
    sha256: one.sha256,
    others: all
      .filter(other => other.approvedAt && other.version !== one.version)
      .map(other => ({ version: other.version, says: saysState(other) })),
  }
}

function sectionOf(params: unknown): number {
  return z.object({ section: z.coerce.number().int().catch(0) }).parse(params).section
}

function known(actor: Actor | undefined): Actor {
  if (!actor) throw notFound()
  return actor
}
