export class JwkDto {
  kty: string;
  crv: string;
  x: string;
  y: string;
  kid: string;
  use: string;
  alg: string;
}

export class JwksDto {
  keys: JwkDto[];
}
