import { londonDate, sayInstant } from '#src/platform/calendar/london.ts'
import { breaches as allBreaches, categories, reportDue, wordsOf } from '../breaches/breaches.ts'
import { disclosureTypes, gateways, lawfulBases, outcomes, refusals } from '../disclosures/kinds.ts'
import { saysSwitchedOff } from '../disclosures/prejudice.ts'
import { everyField, ruleOf } from '../notice/datamap.ts'
import { processors as named } from '../notice/processors.ts'
import { processorEntries } from '../processors/processors.ts'
import { cases } from '../rights/cases.ts'
import { complaintCounts as countedByMonth, countsHead } from '../rights/complaint-counts.ts'
import { nextStep } from '../rights/next.ts'
import { matters } from '../rights/rights.ts'
import { list, type Register } from './register.ts'

/** Who may receive personal data, an entry or a name of the notice a row. */
export const processors: Register = {
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
    const ofNotice = (recipient: string | null) => named.find(one => one.name === recipient)
    const fieldsOf = (recipient: string | null) =>
      list(
        everyField()
          .filter(field => field.rule.recipients.some(one => one === recipient))
          .map(field => field.rule.says),
      )
    const rest = named.filter(one => !entries.some(entry => entry.recipient === one.name && !entry.ended_on))
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
        ofNotice(one.recipient)?.tail ?? '',
        ofNotice(one.recipient)?.privacyNotice ?? '',
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
}

/** Every case of the desk, without who asked. */
export const complaints: Register = {
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
}

/** Complaints by month. */
export const complaintCounts: Register = {
  says: 'Complaints about data, counted',
  about: 'By month, for reporting (Data Protection Act 2018, sections 164A and 164B); it names nobody',
  head: countsHead,
  rows: countedByMonth,
}

/** Every request of others, without who asked. */
export const disclosures: Register = {
  says: 'Requests of others',
  about: 'Who asked for someone’s data, by kind, on what ground, and what was given; names are in the cases alone',
  head: [
    'Reference',
    'Who asked',
    'Came',
    'Asked for',
    'Gateway',
    'Lawful basis',
    'Could be given',
    'Rights of the person',
    'Decision',
    'Second person',
    'Released',
    'Handed over',
    'Ended',
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
      one.lawful_basis ? lawfulBases[one.lawful_basis] : '',
      words(one.approved_fields),
      saysSwitchedOff(one.switched_off),
      one.refusal ? `refuse: ${refusals[one.refusal].says}` : (one.decision ?? ''),
      one.second ?? '',
      day(one.released_at),
      day(one.handed_at),
      one.outcome ? `${day(one.closed_at)}: ${outcomes[one.outcome]}` : '',
      one.released_sha256?.toString('hex') ?? '',
    ])
  },
}

/** Every breach. */
export const breaches: Register = {
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
    for (const one of await allBreaches(tx)) {
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
}
