//! Numbers of Thrift's compact form, as far as the heads of Parquet are read before its library sees them.

/// The mark of a number of 32 bits in the field that follows the one before.
pub(super) const NEXT_I32: u8 = 0x15;

/// The next number: seven bits a byte, the lowest first. Nothing if it does not end within 32 bits.
pub(super) fn number(bytes: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..35).step_by(7) {
        let byte = bytes.next()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
