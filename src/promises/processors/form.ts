import { z } from 'zod'
import { day, line, prose } from '#src/platform/web/form.ts'
import { processors } from '../notice/processors.ts'
import { plainHost } from './processors.ts'

/** The name of a machine in what a person typed: a whole web address is read too. Undefined when there is none. */
export function hostName(text: string): string | undefined {
  const host = plainHost(URL.canParse(text) && text.includes('//') ? new URL(text).hostname : text)
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(host) || /^[0-9a-f:]+$/.test(host) ? host : undefined
}

/** What the data protection officer enters of a processor. */
export const processorForm = z
  .object({
    name: line('Enter what the processor is called', 'The name', 200),
    does: line('Enter what it does for the panel', 'What it does', 500),
    recipient: z.enum(['', ...processors.map(one => one.name)]).catch(''),
    hosts: prose('The names of its machines', 2000)
      .transform(text => text.split(/[\s,;]+/).filter(Boolean))
      .refine(
        all => all.every(one => hostName(one) !== undefined),
        'Enter the names of its machines, one a line, like mail.example.org',
      )
      .transform(all => all.flatMap(one => hostName(one) ?? [])),
    place: line('Enter where the data may go', 'Where the data may go', 300),
    mechanism: line('Enter what allows it, or “none is needed”', 'What allows it', 500),
    contract: day('Enter the date of the contract, like 25 November 2026'),
    evidence: day('Enter the day on which the evidence was checked, like 25 November 2026'),
    review: day('Enter the day on which you look again, like 25 November 2027'),
  })
  .transform(({ contract, evidence, review, recipient, ...rest }) => ({
    ...rest,
    recipient: recipient === '' ? null : recipient,
    contract_on: contract,
    evidence_on: evidence,
    review_on: review,
  }))
