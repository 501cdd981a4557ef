export const FILE_STORE = Symbol('FileStore');
