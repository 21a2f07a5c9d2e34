/** E-mail addresses, also percent-encoded, and phone numbers in international form. */
const EMAIL = /(?<![\w.+-])[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[a-z]{2,24}\b/gi;
const PHONE = /(?:\+|%2B)\d(?:[ ().-]{0,2}\d){6,14}/gi;

/** The text without addresses and numbers of people: upstreams repeat them in their refusals, strangers put them into paths. */
export const withoutPersonal = (text: string): string => text.replace(EMAIL, '***@***').replace(PHONE, '+***');
