import type { LetterDetail, LetterName } from '#src/panel/correspondence/letters.ts'
import type { House } from '#src/promises/house.ts'
import { codeOf, linkMark } from './doors/codes.ts'

/** Puts codes and links into a letter at the moment it is written: they are kept nowhere. */
export function enrichFor(house: House) {
  return async (messageId: string, template: LetterName, detail: LetterDetail): Promise<LetterDetail> => {
    const secret = await house.vault.secret('sign-in')
    const { baseUrl } = house.config
    if (template === 'sign-in code') {
      const id = String(detail.signIn)
      return {
        ...detail,
        code: codeOf(secret, id),
        link: `${baseUrl}/sign-in/link/${id}.${linkMark(secret, `sign-in/${id}`)}`,
      }
    }
    if (template === 'confirm address')
      return { ...detail, link: `${baseUrl}/confirm/${messageId}.${linkMark(secret, `confirm/${messageId}`)}` }
    if (template === 'new address') {
      const id = String(detail.change)
      return {
        ...detail,
        code: codeOf(secret, id),
        link: `${baseUrl}/new-address/${id}.${linkMark(secret, `new-address/${id}`)}`,
      }
    }
    if (template === 'address changing') {
      const id = String(detail.change)
      return { ...detail, link: `${baseUrl}/not-me/${id}.${linkMark(secret, `not-me/${id}`)}` }
    }
    if (template === 'named as supporter') {
      const id = String(detail.supporter)
      const link = `${baseUrl}/supporter/${id}.${linkMark(secret, `supporter/${id}`)}`
      return { ...detail, link, notice: `${baseUrl}/notice` }
    }
    if (template === 'staff invitation') {
      const id = String(detail.staff)
      return { ...detail, link: `${baseUrl}/welcome/${id}.${linkMark(secret, `welcome/${id}`)}` }
    }
    return detail
  }
}
