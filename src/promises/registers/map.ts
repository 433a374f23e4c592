import { londonDate } from '#src/platform/calendar/london.ts'
import { points as open } from '../evidence/points.ts'
import { contact } from '../notice/contact.ts'
import { retention as ends, everyField, kinds, subjects } from '../notice/datamap.ts'
import { processors } from '../notice/processors.ts'
import { type Purpose, type PurposeRule, purposes } from '../notice/purposes.ts'
import { practiceRound } from '../retention/erase.ts'
import { gateOn } from '../vault/gate.ts'
import { list, type Register } from './register.ts'

/** Article 30(1), a purpose a row. */
export const processing: Register = {
  says: 'Record of processing',
  about: 'UK GDPR Article 30(1), with what DPA 2018 Schedule 1 paragraph 41 adds for special categories',
  head: [
    'Controller',
    'Purpose',
    'Basis',
    'Power',
    'Why necessary',
    'Whose data',
    'What data',
    'Special categories, and their condition',
    'Recipients',
    'Transfers',
    'Deleted',
    'Security',
  ],
  named: 1,
  rows: async (tx, house) => {
    const gate = await gateOn(tx, londonDate(house.clock.now()))
    const document = await tx
      .selectFrom('policy_document')
      .select('adjustments_condition')
      .where('withdrawn_at', 'is', null)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return (Object.keys(purposes) as Purpose[]).map(name => {
      const rule: PurposeRule = purposes[name]
      const fields = everyField().filter(one => one.rule.purposes.includes(name))
      const held = kinds.filter(kind => fields.some(one => one.kind === kind))
      const special = fields.filter(one => one.rule.special)
      const recipients = [...new Set(fields.flatMap(one => one.rule.recipients))]
      return [
        `${contact.body}; ${contact.dpo.name}, ${contact.dpo.email}`,
        rule.says,
        `Article ${rule.basis}`,
        rule.power,
        rule.necessity,
        list(held.map(kind => subjects[kind])),
        list([...new Set(fields.map(one => one.rule.says))]),
        special.length
          ? `${list(special.map(one => one.rule.says))}: Article 9(2)(g); equality DPA 2018 Schedule 1 paragraph 8; adjustments ${document?.adjustments_condition ?? 'no condition set, so not processed'}; ${gate.until ? `policy document until ${gate.until}` : 'no policy document, so not processed'}`
          : '',
        list(recipients),
        list(processors.filter(one => recipients.includes(one.name)).map(one => `${one.name}: ${one.transfer}`)),
        list(held.map(kind => `${subjects[kind]}: ${ends[kind].says}`)),
        'Each value sealed under the record’s own key, kept apart; two-step sign-in; row-level security by purpose; a ledger that shows any change',
      ]
    })
  },
}

/** The data map itself, a field a row. */
export const fields: Register = {
  says: 'Data map',
  about:
    'Every field that is kept about a person, where it comes from, what it may be opened for, and who may be given it',
  head: [
    'Field',
    'What it is',
    'Clause',
    'Category',
    'Special category',
    'Comes from',
    'Why necessary',
    'Opened to',
    'May be given to',
    'Ends',
  ],
  rows: async () =>
    everyField().map(({ kind, field, rule }) => [
      `${kind} ${field}`,
      rule.says,
      rule.clause,
      rule.category,
      rule.special ? 'yes' : 'no',
      provenances[rule.provenance],
      rule.necessity,
      list(rule.purposes.map(one => purposes[one].says)),
      list(rule.recipients),
      ends[kind].says,
    ]),
}
const provenances = {
  subject: 'the person',
  observed: 'observed by a processor',
  staff: 'noted by staff',
}

/** What ends when, a kind of record a row. */
export const retention: Register = {
  says: 'Retention schedule',
  about: 'What is kept how long, and what stands today',
  head: ['Record', 'Ends', 'Clause', 'Living today', 'Ended so far'],
  rows: async tx => {
    const living = await tx
      .selectFrom('dossier')
      .select(eb => ['kind', eb.fn.countAll<number>().as('count')])
      .groupBy('kind')
      .execute()
    const ended = await tx
      .selectFrom('certificate')
      .select(eb => ['kind', eb.fn.countAll<number>().as('count')])
      .where('reason', '!=', practiceRound)
      .groupBy('kind')
      .execute()
    const of = (rows: { kind: string; count: number }[], kind: string) =>
      String(Number(rows.find(row => row.kind === kind)?.count ?? 0))
    return kinds.map(kind => [subjects[kind], ends[kind].says, ends[kind].clause, of(living, kind), of(ended, kind)])
  },
}

/** Part of the notice that the Ombudsman has to settle. */
export const points: Register = {
  says: 'Points to settle',
  about:
    'What the notice leaves open, or says otherwise than the law of today; until it is settled the program does what is safest',
  head: ['Point', 'Clauses', 'What is open', 'What the program does today', 'Who decides'],
  rows: async () => open.map(one => [one.id, list(one.clauses), one.says, one.today, one.decides]),
}
