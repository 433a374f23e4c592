import { z } from 'zod'
import { line, prose, type Refusal, read } from '#src/platform/web/form.ts'
import type { LetterName } from '../letters.ts'
import { faultsOf } from './check.ts'
import { personalIn } from './personal.ts'

const form = z.object({
  subject: line('Enter a subject', 'The subject', 100).refine(
    text => !/\(\(|\)\)/.test(text),
    'Take the “((” and “))” out of the subject: it is the same for everyone, and others may see it on a locked phone',
  ),
  body: prose('The words', 6000).refine(text => text.length > 0, 'Enter the words of the letter'),
  ours: z.literal('yes').optional().catch(undefined),
})

/** What an officer wrote, or what is wrong with it, a sentence each. */
export function readWords(
  name: LetterName,
  sent: unknown,
): { ok: true; answer: { subject: string; body: string } } | (Refusal & { personal?: string[] }) {
  const taken = read(form, sent)
  if (!taken.ok) return taken
  const { subject, body, ours } = taken.answer
  const faults = faultsOf(name, body)
  if (faults.length) return refusal('body', faults)
  const personal = personalIn(`${subject}\n${body}`)
  if (!personal.length || ours) return { ok: true, answer: { subject, body } }
  const sentence = `Take out ${personal.map(one => `“${one}”`).join(', ')} if it is one person’s: everyone gets these words`
  return { ...refusal('ours', [`${sentence}. If it is ours, tick the box`]), personal }
}

function refusal(field: string, sentences: string[]): Refusal {
  return {
    ok: false,
    error: { [field]: { text: sentences.join('. ') } },
    errors: sentences.map(text => ({ text, href: `#${field}` })),
  }
}
