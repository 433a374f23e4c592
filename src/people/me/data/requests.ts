import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { OwnRequest } from '#src/promises/rights/own.ts'
import { matters } from '#src/promises/rights/rights.ts'

const letters = {
  acknowledgement: 'We told you that we are looking into it',
  progress: 'We told you how it goes on',
  identity: 'We asked you to show that it is you',
  clarification: 'We asked you what you mean',
  extension: 'We told you that it takes longer',
  copy: 'We told you where to take your copy',
  lifting: 'We told you that we use your record again',
} as const

/** A request as its owner reads it: what they asked, how it stands, what happens next, and what we wrote. */
export function saidRequest(one: OwnRequest, now: Date) {
  return {
    id: one.id,
    reference: one.reference,
    says: matters[one.matter].says,
    received: sayDate(londonDate(one.received)),
    next: nextFor(one, londonDate(now)),
    isOpen: one.closedAt === null,
    waitsForIdentity: one.stage === 'identity',
    isAsked: one.stage === 'clarification',
    byOther: one.said === undefined,
    words: one.said?.words,
    letters: one.said?.letters.map(({ at, what, text }) => ({
      at: sayInstant(new Date(at)),
      says: letters[what],
      paragraphs: paragraphs(text),
      take: what === 'copy' ? /\/copy\/[\w-]+/.exec(text)?.[0] : undefined,
    })),
    answer: one.said?.answer ? paragraphs(one.said.answer) : undefined,
    answered: one.answeredAt && sayInstant(one.answeredAt),
  }
}

/** Where a request stands and what happens next, in one or two sentences. */
export function nextFor(one: OwnRequest, today: string): string {
  const due = sayDate(one.due)
  if (one.answeredAt) return `Answered on ${sayDate(londonDate(one.answeredAt))}.`
  if (one.closedAt) return `Closed on ${sayDate(londonDate(one.closedAt))}.`
  if (one.stage === 'identity') return 'We are not sure yet that it was you. We wrote to you how to show it.'
  if (one.stage === 'clarification') return 'We asked you something and wait for your answer.'
  if (one.stage === 'ring') return `We ring you by ${due}.`
  if (one.matter === 'complaint' && one.stage !== 'acknowledge')
    return one.decision ? 'It is decided. We write to you what came of it.' : 'We are looking into it.'
  if (one.due < today) return `We are late: it was due by ${due}. We are sorry. Call us if you wish to know more.`
  if (one.matter === 'complaint') return `We tell you by ${due} that we are looking into it.`
  if (one.stage === 'carry out') return `It is decided, and is being carried out. We answer by ${due}.`
  if (one.stage === 'answer') return `It is decided. We write to you by ${due}.`
  return `A person looks into it. We answer by ${due}.`
}

const paragraphs = (text: string) => text.split(/\n\s*\n/)
