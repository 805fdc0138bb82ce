/**
 * Names for people instead of those of the standards, as imgproxy's answers have them: EXIF's are libexif's titles, IPTC's those of
 * its documents and of the IIM. What is not here keeps its name.
 */
export const exifTitle = (name: string): string => (Object.hasOwn(exif, name) ? (exif[name] ?? name) : name);

export const iptcTitle = (name: string): string => (Object.hasOwn(iptc, name) ? (iptc[name] ?? name) : name);

const exif: Readonly<Record<string, string>> = {
  ImageDescription: 'Image Description',
  Make: 'Manufacturer',
  XResolution: 'X-Resolution',
  YResolution: 'Y-Resolution',
  ResolutionUnit: 'Resolution Unit',
  DateTime: 'Date and Time',
  ExposureTime: 'Exposure Time',
  FNumber: 'F-Number',
  ExposureProgram: 'Exposure Program',
  PhotographicSensitivity: 'ISO Speed Ratings',
  ExifVersion: 'Exif Version',
  DateTimeOriginal: 'Date and Time (Original)',
  DateTimeDigitized: 'Date and Time (Digitized)',
  OffsetTime: 'Offset Time For DateTime',
  OffsetTimeOriginal: 'Offset Time For DateTimeOriginal',
  ShutterSpeedValue: 'Shutter Speed',
  ApertureValue: 'Aperture',
  BrightnessValue: 'Brightness',
  ExposureBiasValue: 'Exposure Bias',
  MaxApertureValue: 'Maximum Aperture Value',
  SubjectDistance: 'Subject Distance',
  MeteringMode: 'Metering Mode',
  LightSource: 'Light Source',
  FocalLength: 'Focal Length',
  ColorSpace: 'Color Space',
  PixelXDimension: 'Pixel X Dimension',
  PixelYDimension: 'Pixel Y Dimension',
  ExposureMode: 'Exposure Mode',
  WhiteBalance: 'White Balance',
  DigitalZoomRatio: 'Digital Zoom Ratio',
  FocalLengthIn35mmFilm: 'Focal Length in 35mm Film',
  SceneCaptureType: 'Scene Capture Type',
  LensMake: 'Lens Make',
  LensModel: 'Lens Model',
  GPSLatitudeRef: 'North or South Latitude',
  GPSLatitude: 'Latitude',
  GPSLongitudeRef: 'East or West Longitude',
  GPSLongitude: 'Longitude',
  GPSAltitudeRef: 'Altitude Reference',
  GPSAltitude: 'Altitude',
  GPSTimeStamp: 'GPS Time (Atomic Clock)',
  GPSDateStamp: 'GPS Date',
};

const iptc: Readonly<Record<string, string>> = {
  ObjectName: 'Name',
  SpecialInstructions: 'Special Instructions',
  DateCreated: 'Date Created',
  TimeCreated: 'Time Created',
  Byline: 'By-line',
  BylineTitle: 'By-line Title',
  Sublocation: 'Sub-location',
  ProvinceState: 'Province/State',
  CountryCode: 'Country Code',
  CountryName: 'Country Name',
  CopyrightNotice: 'Copyright Notice',
  CaptionWriter: 'Writer/Editor',
};
