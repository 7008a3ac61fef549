export const imports = { bsock: { twice: (n) => 2 * n } };
