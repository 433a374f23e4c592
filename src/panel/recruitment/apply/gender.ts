import { z } from 'zod'
import { prose, read, refuse } from '#src/platform/web/form.ts'
import { codesOf, genders, itemsOf, wordsOf } from '../options.ts'
import { recallOwn } from './own.ts'
import { page } from './page.ts'

export const genderForm = z.object({
  gender: z.enum(codesOf(genders)).optional().catch(undefined),
  genderDescription: prose('Your description', 100),
})

export const gender = page({
  path: 'gender',
  title: 'What is your gender? (optional)',
  template: 'gender',
  recall: async desk => ({ ...(await recallOwn(desk, ['gender'])), genderDescription: await ownWords(desk) }),
  view: async (_desk, form) => ({ items: itemsOf(genders, String(form.gender ?? '')) }),
  read: async (_desk, body) => {
    const form = read(genderForm, body)
    if (!form.ok) return form
    const { genderDescription } = form.answer
    const code = form.answer.gender ?? (genderDescription ? 'own-words' : undefined)
    if (genderDescription && code !== 'own-words')
      return refuse({ genderDescription: `Choose “${genders['own-words']}” to keep your own words, or take them out` })
    return { ok: true, values: { gender: code, genderDescription: genderDescription || undefined } }
  },
  summary: async desk => [{ key: 'Gender', value: wordsOf(genders, (await recallOwn(desk, ['gender'])).gender) }],
})

/** A person's own words are for the person alone: staff cannot open them. */
async function ownWords({ tx, house, by, application }: Parameters<typeof recallOwn>[0]): Promise<string | undefined> {
  if (!by.own.includes(application.id)) return undefined
  const ask = { by, for: 'exercise rights', fields: ['genderDescription'] } as const
  const [opened] = await house.vault.open(tx, 'panel', ask, [application.id])
  return opened?.genderDescription
}
