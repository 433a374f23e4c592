import { sql } from 'kysely'
import { londonDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { breaches, categories, reportDue, wordsOf } from '../breaches/breaches.ts'
import { disclosureTypes, gateways } from '../disclosures/disclosures.ts'
import { saysSwitchedOff } from '../disclosures/prejudice.ts'
import { points } from '../evidence/points.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { contact } from '../notice/contact.ts'
import { everyField, type Kind, retention, ruleOf } from '../notice/datamap.ts'
import { processors } from '../notice/processors.ts'
import { type Purpose, type PurposeRule, purposes } from '../notice/purposes.ts'
import { processorEntries } from '../processors/processors.ts'
import { answersAbout } from '../retention/elsewhere.ts'
import { cases, nextStep } from '../rights/cases.ts'
import { complaintCounts, countsHead } from '../rights/complaint-counts.ts'
import { matters } from '../rights/rights.ts'
import { gateOn } from '../vault/gate.ts'

/** A register as a table: made anew each time from the data map and from what was done, so that it cannot lag behind. */
export interface Register {
  says: string
  about: string
  head: readonly string[]
  /** `by` reads what is sealed, where the register shows it. */
  rows: (tx: Tx, house: House, by: Actor) => Promise<string[][]>
}

const list = (all: readonly string[]) => all.join('; ')
const subjects: Record<Kind, string> = {
  panel: 'Applicants and members',
  case: 'People who ask or complain',
  staff: 'Staff',
  recording: 'People recorded',
  inbox: 'People who write in',
}

/** Every register of the desk, by its name in addresses. */
export const registers: Record<string, Register> = {
  processing: {
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
        const kinds = [...new Set(fields.map(one => one.kind))]
        const special = fields.filter(one => one.rule.special)
        const recipients = [...new Set(fields.flatMap(one => one.rule.recipients))]
        return [
          `${contact.body}; ${contact.dpo.name}, ${contact.dpo.email}`,
          rule.says,
          `Article ${rule.basis}`,
          rule.power,
          rule.necessity,
          list(kinds.map(kind => subjects[kind])),
          list([...new Set(fields.map(one => one.rule.says))]),
          special.length
            ? `${list(special.map(one => one.rule.says))}: Article 9(2)(g); equality DPA 2018 Schedule 1 paragraph 8; adjustments ${document?.adjustments_condition ?? 'no condition set, so not processed'}; ${gate.until ? `policy document until ${gate.until}` : 'no policy document, so not processed'}`
            : '',
          list(recipients),
          list(processors.filter(one => recipients.includes(one.name)).map(one => `${one.name}: ${one.transfer}`)),
          list(kinds.map(kind => `${subjects[kind]}: ${retention[kind].says}`)),
          'Each value sealed under the record’s own key, kept apart; two-step sign-in; row-level security by purpose; a ledger that shows any change',
        ]
      })
    },
  },
  processors: {
    says: 'Processors and transfers',
    about: 'Who may receive personal data, and by what mechanism',
    head: [
      'Processor',
      'What it does',
      'Fields it may receive',
      'Its machines',
      'Where the data may go, and what allows it',
      'Contract',
      'Evidence checked',
      'Look again',
      'How long it keeps data after a removal',
      'Its privacy notice',
    ],
    rows: async tx => {
      const entries = await processorEntries(tx)
      const named = (recipient: string | null) => processors.find(one => one.name === recipient)
      const fieldsOf = (recipient: string | null) =>
        list(
          everyField()
            .filter(field => field.rule.recipients.some(one => one === recipient))
            .map(field => field.rule.says),
        )
      const rest = processors.filter(one => !entries.some(entry => entry.recipient === one.name && !entry.ended_on))
      return [
        ...entries.map(one => [
          one.recipient ? `${one.name} (${one.recipient})` : one.name,
          one.does,
          one.recipient ? fieldsOf(one.recipient) : 'none: it carries or keeps what is sealed',
          list(one.hosts),
          `${one.place}: ${one.mechanism}`,
          one.contract_on,
          one.evidence_on,
          one.ended_on ? `ended ${one.ended_on}` : one.review_on,
          named(one.recipient)?.tail ?? '',
          named(one.recipient)?.privacyNotice ?? '',
        ]),
        ...rest.map(one => [
          `${one.company} (${one.name})`,
          one.does,
          fieldsOf(one.name),
          '',
          one.transfer,
          'no contract is entered',
          '',
          '',
          one.tail ?? '',
          one.privacyNotice,
        ]),
      ]
    },
  },
  retention: {
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
        .groupBy('kind')
        .execute()
      const of = (rows: { kind: string; count: number }[], kind: string) =>
        String(Number(rows.find(row => row.kind === kind)?.count ?? 0))
      return (Object.keys(retention) as Kind[]).map(kind => [
        subjects[kind],
        retention[kind].says,
        retention[kind].clause,
        of(living, kind),
        of(ended, kind),
      ])
    },
  },
  holds: {
    says: 'Holds',
    about: 'What stops a record’s date, who placed it, and when someone looks again',
    head: ['Record', 'Ground', 'Placed', 'Placed by', 'Look again on', 'Lifted'],
    rows: async tx => {
      const rows = await tx.selectFrom('hold').selectAll().orderBy('placed_at', 'desc').execute()
      return rows.map(row => [
        row.dossier_id,
        row.ground,
        londonDate(row.placed_at),
        row.placed_by,
        row.review_on,
        row.lifted_at ? londonDate(row.lifted_at) : '',
      ])
    },
  },
  complaints: {
    says: 'Requests and complaints',
    about: 'Counts and times, for reporting; who asked is in the cases alone',
    head: ['Reference', 'Asked for', 'Law', 'Came', 'By', 'Due', 'Decided', 'Answered', 'Next'],
    rows: async tx =>
      (await cases(tx)).map(one => [
        one.reference,
        matters[one.matter].says,
        matters[one.matter].law,
        londonDate(one.received_at),
        one.channel,
        one.due,
        one.decision ?? '',
        one.answered_at ? londonDate(one.answered_at) : '',
        nextStep(one) ?? 'closed',
      ]),
  },
  'complaint-counts': {
    says: 'Complaints about data, counted',
    about: 'By month, for reporting (Data Protection Act 2018, sections 164A and 164B); it names nobody',
    head: countsHead,
    rows: complaintCounts,
  },
  disclosures: {
    says: 'Requests of others',
    about: 'Who asked for someone’s data, by kind, on what ground, and what was given; names are in the cases alone',
    head: [
      'Reference',
      'Who asked',
      'Came',
      'Asked for',
      'Gateway',
      'Could be given',
      'Rights of the person',
      'Decision',
      'Second person',
      'Released',
      'Handed over',
      'Fingerprint of what was given',
    ],
    rows: async tx => {
      const rows = await tx.selectFrom('disclosure').selectAll().orderBy('asked_at', 'desc').execute()
      const words = (fields: readonly string[]) => list(fields.map(field => ruleOf('panel', field)?.says ?? field))
      const day = (at: Date | null) => (at ? londonDate(at) : '')
      return rows.map(one => [
        one.reference,
        `${disclosureTypes[one.type].says}${one.is_emergency ? ', an emergency' : ''}`,
        londonDate(one.asked_at),
        words(one.asked_fields),
        one.gateway ? (gateways[one.type][one.gateway] ?? one.gateway) : '',
        words(one.approved_fields),
        saysSwitchedOff(one.switched_off),
        one.decision ?? '',
        one.second ?? '',
        day(one.released_at),
        day(one.handed_at),
        one.released_sha256?.toString('hex') ?? '',
      ])
    },
  },
  breaches: {
    says: 'Breaches',
    about: 'Every one, with what happened, what may come of it and what was done (UK GDPR Article 33(5))',
    head: [
      'Reference',
      'Known',
      '72 hours end',
      'What data',
      'People',
      'Records',
      'What happened',
      'What may come of it',
      'What was done',
      'The regulator',
      'The people concerned',
      'Closed',
    ],
    rows: async (tx, house, by) => {
      const rows: string[][] = []
      for (const one of await breaches(tx)) {
        const words = await wordsOf(tx, house, by, one.dossier_id)
        const said = (is: boolean | null, at: Date | null, why: string) =>
          is === null ? 'not decided' : `${is ? `told${at ? ` ${sayInstant(at)}` : ''}` : 'not told'}: ${why}`
        rows.push([
          one.reference,
          sayInstant(one.known_at),
          sayInstant(reportDue(one)),
          list(one.categories.map(code => categories[code as keyof typeof categories] ?? code)),
          String(one.people),
          String(one.records),
          words.happened,
          words.effects,
          words.measures,
          said(one.reported, one.reported_at, words.reportReason),
          said(one.people_told, one.people_told_at, words.peopleReason),
          one.closed_at ? londonDate(one.closed_at) : '',
        ])
      }
      return rows
    },
  },
  certificates: {
    says: 'Certificates of deletion',
    about: 'That a record ended, when and why; it names nobody',
    head: ['Record', 'Kind', 'Why', 'Keys destroyed', 'Rows deleted', 'Processors told', 'Fingerprint'],
    rows: async tx => {
      const { rows } = await sql<{
        dossier_was: string
        kind: string
        reason: string
        keys_at: Date
        rows_at: Date
        processors: string[]
        sha256: Buffer
      }>`
        select * from certificate order by rows_at desc limit 5000`.execute(tx)
      const answers = await answersAbout(
        tx,
        rows.filter(row => row.processors.length).map(row => row.dossier_was),
      )
      return rows.map(row => [
        row.dossier_was,
        row.kind,
        row.reason,
        row.keys_at.toISOString(),
        row.rows_at.toISOString(),
        list(answers.get(row.dossier_was) ?? row.processors),
        row.sha256.toString('hex'),
      ])
    },
  },
  points: {
    says: 'Points to settle',
    about:
      'What the notice leaves open, or says otherwise than the law of today; until it is settled the program does what is safest',
    head: ['Point', 'Clauses', 'What is open', 'What the program does today', 'Who decides'],
    rows: async () => points.map(one => [one.id, list(one.clauses), one.says, one.today, one.decides]),
  },
}
