/** Plain words that generated people, departments and places are made of. */
export const firstNames =
  'Ada Alma Amir Ana Anders Aylin Bea Bruno Carla Chen Clara Dario Dina Edda Elif Emil Enzo Esra Eva Farid Femi Finn Greta Hana Hugo Ida Ines Ivan Jana Jonas Kaya Kofi Lars Lea Leon Lina Luca Maja Marta Mei Milo Mira Nadia Nils Noor Olga Omar Paula Petra Rafa Ravi Rosa Sami Sara Sven Tara Timo Uma Vera Yuki'.split(
    ' ',
  );

export const lastNames =
  'Abel Adler Amari Arslan Bauer Becker Berg Blanc Bondar Brandt Castro Costa Dahl Diaz Duarte Eklund Engel Ferri Fischer Frost Garcia Gomez Haas Hansen Hoffer Iversen Jansen Kaplan Keller Khan Kim Klein Kovac Kurz Lang Larsen Leone Lindt Lopez Marin Meier Mensah Moreau Moser Novak Okoye Olsen Park Pereira Petrov Quist Rahman Reyes Ricci Rossi Sato Schulz Silva Singh Sommer Sorensen Stein Suzuki Tanaka Torres Ueda Vargas Vogel Weber Winter Wolff Yamada Yilmaz Zander Zhou'.split(
    ' ',
  );

export const departments = [
  'Engineering',
  'Sales',
  'Support',
  'Operations',
  'Marketing',
  'Finance',
  'People',
  'Legal',
  'Research',
  'IT',
] as const;

export const places = [
  { name: 'Head office', city: 'Uppsala', country: 'SE', timeZone: 'Europe/Stockholm' },
  { name: 'Warehouse', city: 'Lyon', country: 'FR', timeZone: 'Europe/Paris' },
  { name: 'Service centre', city: 'Austin', country: 'US', timeZone: 'America/Chicago' },
] as const;
