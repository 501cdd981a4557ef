/**
 * Passwords of eight characters and more that head every list of leaked ones, in lower case. A guesser tries these first, and
 * the limits at the door let some of them through.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword pa55word passwort passwort1 motdepasse
  12345678 123456789 1234567890 12345678910 0123456789 987654321 9876543210 87654321 11111111 111111111 1111111111 00000000
  000000000 0000000000 22222222 33333333 44444444 55555555 66666666 77777777 88888888 99999999 12341234 12344321 11223344
  1122334455 123123123 123321123 147258369 123454321 10203040 0987654321 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx
  1qazxsw2 qazwsxedc q1w2e3r4 q1w2e3r4t5 zaq12wsx zaq1zaq1 qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345
  qwertz123 qwertzuiop azerty123 azertyuiop asdfghjk asdfghjkl asdfasdf asdf1234 zxcvbnm1 zxcvbnm123 abcdefgh abcd1234
  abcd12345 abc12345 abc123456 a1b2c3d4 a1234567 a12345678 a123456789 aa123456 aa12345678 iloveyou iloveyou1 iloveyou2
  sunshine sunshine1 princess princess1 football football1 baseball baseball1 basketball superman superman1 batman123
  starwars starwars1 whatever whatever1 trustno1 welcome1 welcome12 welcome123 letmein1 letmein123 letmeinnow monkey123
  dragon123 master123 shadow123 michael1 jennifer jennifer1 jessica1 charlie1 computer computer1 internet internet1
  samsung1 corvette mercedes victoria alexander alexandra elizabeth benjamin samantha christian danielle michelle patricia
  nicholas jonathan anthony1 matthew1 chocolate butterfly liverpool liverpool1 chelsea1 arsenal1 barcelona juventus
  manchester pokemon1 pokemon123 minecraft minecraft1 fortnite roblox123 spiderman ironman1 harrypotter naruto123 dofus123
  dofus1234 destiny2 destiny123 guildhall changeme changeme1 changeme123 administrator admin123 admin1234 admin12345
  root1234 rootroot test1234 testtest test12345 testing1 testing123 user1234 guest123 guestguest default1 secret123
  mypassword yourpassword lovely123 freedom1 hello123 hello1234 hellohello helloworld blink182 blahblah access14 bigdaddy
  november december september february january1 summer2023 summer2024 summer2025 winter2023 winter2024 winter2025 spring2024
  spring2025 maverick midnight mountain dolphin1 diamond1 snickers skywalker rockstar1 metallica scorpion slipknot
  startrek stargate tinkerbell valentina wolverine qweasdzxc 1234qwer qwer1234 159753456 147852369 741852963 963852741
  159357456 789456123 456789123 7777777777 9999999999 5555555555 pass1234 pass12345 p4ssw0rd p@$$w0rd !@#$%^&* 123qweasd
  123456qwerty 12qwaszx 1password 123456abc abc123abc aaaaaaaa aaaaaaaaaa xxxxxxxx zzzzzzzz qqqqqqqq asdasdasd qweqweqwe
  qwe123qwe 123qwe123 1234abcd iloveu123 loveyou1 fuckyou1 fuckyou123 fuckoff1 jordan23 michaeljordan ashley123 daniel123
  andrea123 carlos123 jasmine1 nicole123 hannah123 thomas123 robert123 ferrari1 porsche1 yamaha123 kawasaki bubbles1
  cocacola cookie123 banana123 pineapple cheese123 pepper123 ginger123 tigger123 buster123 maggie123 peanut123`.split(
    /\s+/,
  ),
);
